"""The screens: keys in, paint out. What a key means and what is painted is the till's.

Textual reads its constants when it is imported, so they are set here, before any module of this
package can import it: frames as fast as keys come, and nothing that moves by itself.
"""

import os

for _name, _value in {
    "TEXTUAL_FPS": "240",
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_SMOOTH_SCROLL": "0",
}.items():
    os.environ.setdefault(_name, _value)
