"""Who may do what at the desk: roles as groups, what each sees of others, what is asked before a page."""
