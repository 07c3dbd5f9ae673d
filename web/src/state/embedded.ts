/** Whether the page is the map in a frame of another site: without the panel and the bars, and with a link to the whole map. */
export const embedded = /\/embed\/?$/.test(location.pathname);

/** The address of this site, with a slash at its end. */
export const site = location.origin + location.pathname.replace(/embed\/?$/, "");
