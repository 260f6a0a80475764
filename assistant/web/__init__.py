"""The assistant as others meet it: guard, routes, pages and the widget. Calls only the engine."""
