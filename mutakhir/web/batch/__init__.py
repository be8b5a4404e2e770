"""Batches and lists at Dinsos: review, finalise, endorse, send, answer."""
