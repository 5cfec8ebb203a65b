"""The till's end of head office: records up, exactly once; goods, prices and people down."""
