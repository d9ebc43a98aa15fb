"""Lists and letters as text: what an editor picks, writes and checks before it is printed."""
