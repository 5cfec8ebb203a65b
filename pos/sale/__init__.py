"""The rules of a sale, pure: values in, values out, `Refused` where a rule says no."""
