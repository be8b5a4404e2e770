"""What the node does without being asked: each job takes its turn, calls one action, and goes."""
