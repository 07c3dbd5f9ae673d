/** The texts of the field page, which every language fills. */

import type { Notation } from "../position/typed.ts";
import type { PhotoFault } from "../store/photos.ts";
import type { EntryState } from "../store/db.ts";

export interface FieldTexts {
  title: string;
  tabs: Record<"take" | "queue" | "records" | "more", string>;
  network: Record<"sending" | "offline" | "online", string>;
  nWaiting: (n: string) => string;
  nothingWaiting: string;
  insecure: string;
  notReady: string;
  ready: string;
  newDetection: string;
  goOn: string;
  /** Coordinates as they were entered. */
  as: string;
  latest: string;
  steps: Record<"where" | "what" | "keep", string>;
  step: (n: number, of: number) => string;
  back: string;
  close: string;
  cancel: string;
  next: string;
  /** The position. */
  gnssWaiting: string;
  gnssDenied: string;
  gnssUnavailable: string;
  gnssStale: string;
  gnssGood: string;
  gnssPoor: string;
  accuracy: (metres: string) => string;
  useThis: string;
  useAnyway: string;
  typeInstead: string;
  gnssInstead: string;
  notation: string;
  notations: Record<Notation, string>;
  lon: string;
  lat: string;
  mgrs: string;
  zone: string;
  easting: string;
  northing: string;
  pulkovoEasting: string;
  pulkovoNorthing: string;
  from: string;
  fromHere: string;
  fromTyped: string;
  bearing: string;
  compass: string;
  declination: string;
  distance: string;
  readFrom: string;
  readFromMap: string;
  readFromReceiver: string;
  accuracyGiven: string;
  notRead: string;
  /** The kind is named on the map page already; this is what to ask. */
  whatKind: string;
  /** Words too long for a third of a phone, with soft hyphens where they may be broken. */
  breaks: readonly string[];
  doNotTouch: string;
  /** Photo and the rest. */
  takePhoto: string;
  anotherPhoto: string;
  photo: (n: number) => string;
  removePhoto: (n: number) => string;
  photoFaults: Record<PhotoFault, string>;
  photoMany: string;
  photoKept: string;
  quantity: string;
  fewer: string;
  more: string;
  details: string;
  model: string;
  depth: string;
  detectedOn: string;
  note: string;
  save: string;
  saving: string;
  kept: string;
  keptWaits: string;
  anotherOne: string;
  /** What went wrong with keeping. */
  noRoom: string;
  notKept: string;
  sentMeanwhile: string;
  /** The queue. */
  states: Record<EntryState, string>;
  stateMeans: Record<EntryState, string>;
  unanswered: string;
  groups: Record<"attention" | "waiting" | "held" | "sent", string>;
  queueEmpty: string;
  whats: Record<"detection" | "neutralised" | "correction", string>;
  madeAt: (when: string) => string;
  madeBy: (who: string) => string;
  why: string;
  /** What is not here is told in the server's words, which are English. */
  valueWas: (value: string) => string;
  managerSays: string;
  accepted: string;
  noReason: string;
  mend: string;
  discard: string;
  discardAsk: string;
  discardDismissed: string;
  dropBegun: string;
  changeDisposal: string;
  notHere: string;
  removeAreaAsk: string;
  removeAreaYes: string;
  discardYes: string;
  sendNow: string;
  ofOther: (who: string) => string;
  sendAsMine: (who: string) => string;
  export: string;
  exportHint: string;
  exporting: string;
  exported: string;
  /** Records. */
  recordsHint: string;
  noRecords: string;
  nearest: string;
  metresAway: (metres: string) => string;
  kilometresAway: (km: string) => string;
  shownOf: (shown: string, all: string) => string;
  showMap: string;
  showList: string;
  map: string;
  mapFailed: string;
  mapLoading: string;
  neutralise: string;
  neutralisedAlready: (day: string) => string;
  howDisposed: string;
  neutralisedOn: string;
  correct: string;
  asOf: (day: string) => string;
  /** Areas for use without network. */
  areas: string;
  areasHint: string;
  areasUnknown: string;
  fetchArea: string;
  fetchAgain: string;
  removeArea: string;
  fetching: string;
  fetchFailed: string;
  noRoomForArea: string;
  areaKept: (records: string, megabytes: string, day: string) => string;
  megabytes: (n: string) => string;
  /** The rest. */
  account: string;
  signedInAs: (who: string) => string;
  signedOut: string;
  signInAgain: string;
  signOutWaits: string;
  language: string;
  storage: string;
  storageUsed: (used: string, free: string) => string;
  persisted: string;
  notPersisted: string;
  newVersion: string;
  useNewVersion: string;
  install: string;
  toMapPage: string;
  photosLater: string;
  /** The network, what follows a record, and the page itself. */
  unreachable: string;
  poorNetwork: string;
  nPhotosDue: (n: string) => string;
  sendingPhotos: string;
  photosDueHere: (n: string) => string;
  photosLostHere: (n: string) => string;
  installing: (have: string, of: string) => string;
  diskFull: string;
  photosStay: string;
}
