"""What a person needs to build a mat, all made from its file: template, wiring, drawings."""
