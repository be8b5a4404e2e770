"""The tests of Mutakhir; the folders say what kind of question is asked."""
