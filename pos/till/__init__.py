"""One till at work: routes what a person does to the mode's controller, and joins the parts."""
