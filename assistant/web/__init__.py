"""The assistant as others meet it in a browser: guard, routes, pages and the widget. Calls only the engine."""
