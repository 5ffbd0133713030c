/* What the server wrote into the page: who looks at it, in which language, and the words for it. */
const written = document.getElementById("page-context");

/**
 * @typedef {object} PageContext
 * @property {"zh"|"en"} language
 * @property {string} languageCookie
 * @property {string} themeCookie
 * @property {string} timeZone The district's; used where the browser does not know its own.
 * @property {{name: string, login: string, isGuest: boolean, roles: string[], unitId: ?string}} visitor
 * @property {{issueTypes: object, units: object, handlingUnits: string[], actions: object}} names What
 *   the district's things are called, by their codes.
 * @property {{path: string, name: string}[]} menu Pages that this visitor may see.
 * @property {string[]} permissions What this visitor may do.
 * @property {string} district
 * @property {string} parameter What the address names, a case's id for instance; "" if nothing.
 * @property {Record<string, string>} texts
 */

/** @type {PageContext} */
export const context = Object.freeze(JSON.parse(written.textContent));

/** Whether whoever looks at the page may do something. */
export const may = (permission) => context.permissions.includes(permission);
