"""What is asked of readers, where, and when."""
