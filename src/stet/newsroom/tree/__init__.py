"""The desk's tree of pages as lists, choosers and the menu show it, in a number of questions that rows do not raise."""
