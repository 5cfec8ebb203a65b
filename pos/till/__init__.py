"""One till at work: routes what a person does to the controller of the mode, and joins the parts."""
