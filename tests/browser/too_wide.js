() => {
  const room = () => document.documentElement.clientWidth;
  const clipped = (element) => {
    for (let above = element.parentElement; above; above = above.parentElement)
      if (getComputedStyle(above).overflowX !== "visible") return true;
    return false;
  };
  const named = (element) => {
    const box = element.getBoundingClientRect();
    const name = element.tagName.toLowerCase() + (element.id ? `#${element.id}` : "");
    return `${name} to ${Math.round(box.right)} of ${room()}: ${element.textContent.trim().slice(0, 60)}`;
  };
  const found = () => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const wide = [...document.body.querySelectorAll("*")].filter(
      (element) => element.getBoundingClientRect().right > room() + 0.5 && !clipped(element));
    return wide.length ? wide.map(named) : [`the page, ${document.documentElement.scrollWidth} of ${innerWidth}`];
  };
  const spacing = new CSSStyleSheet();
  spacing.replaceSync(`* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
    line-height: 1.5 !important; }`);
  const plain = found();
  document.adoptedStyleSheets.push(spacing);
  const spaced = found().map((line) => `spaced text: ${line}`);
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== spacing);
  return [...plain, ...spaced];
}
