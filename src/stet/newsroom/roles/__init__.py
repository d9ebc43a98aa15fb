"""Who may do what at the desk: roles as groups, what each sees of others' drafts and names, what is asked before a page."""
