// The outbox in IndexedDB. A change is one transaction that is on the disk when it is reported done.
import type { Item, NewItem } from "./item.ts";

const NAME = "mat-xanh";
const VERSION = 1;
const ITEMS = "items";
/** Bytes of photos and voice as plain buffers: stored Blobs get lost on some older WebViews. */
const BYTES = "bytes";
const NOTES = "notes";

/** Chrome 83 and newer know `durability`; older ones always wrote through. */
type Begin = (stores: string[], mode: IDBTransactionMode, options: { durability: "strict" }) => IDBTransaction;

export interface Bytes { sha256: string; bytes: ArrayBuffer }

/** The phone has no room. */
export class StoreFull extends Error {}

function upgrade(database: IDBDatabase): void {
  const names = database.objectStoreNames;
  if (!names.contains(ITEMS)) {
    database.createObjectStore(ITEMS, { keyPath: "id", autoIncrement: true })
      .createIndex("key", "key", { unique: true });
  }
  if (!names.contains(BYTES)) database.createObjectStore(BYTES);
  if (!names.contains(NOTES)) database.createObjectStore(NOTES);
}

export class Store {
  /** Somebody signs out on this page: what it learns from now on is kept no more. */
  leaving = false;
  private opening: Promise<IDBDatabase> | null = null;

  constructor(private readonly factory: IDBFactory) {}

  async all(): Promise<Item[]> {
    return this.run([ITEMS], "readonly", (stores) => stores(ITEMS).getAll() as IDBRequest<Item[]>);
  }

  async get(id: number): Promise<Item | undefined> {
    return this.run([ITEMS], "readonly", (stores) => stores(ITEMS).get(id) as IDBRequest<Item | undefined>);
  }

  async byKey(key: string): Promise<Item | undefined> {
    return this.run([ITEMS], "readonly", (stores) => (
      stores(ITEMS).index("key").get(key) as IDBRequest<Item | undefined>
    ));
  }

  async add(item: NewItem): Promise<Item> {
    const id = await this.run([ITEMS], "readwrite", (stores) => stores(ITEMS).add(item));
    return { ...item, id: id as number };
  }

  /**
   * Reads, changes and writes one item without anybody between. The bytes of files it no longer
   * lists as missing leave in the same transaction; `added` come with it. Undefined when it is gone.
   */
  async change(id: number, to: (item: Item) => Item, added: Bytes[] = []): Promise<Item | undefined> {
    let changed: Item | undefined;
    await this.run([ITEMS, BYTES], "readwrite", (stores) => {
      const reading = stores(ITEMS).get(id) as IDBRequest<Item | undefined>;
      reading.onsuccess = () => {
        const before = reading.result;
        changed = before && to(before);
        if (!before || !changed || changed === before) return;
        stores(ITEMS).put(changed);
        for (const { sha256, bytes } of added) stores(BYTES).put(bytes, [id, sha256]);
        const wanted = new Set(changed.files.filter((file) => !file.done).map((file) => file.sha256));
        for (const file of before.files) {
          if (!wanted.has(file.sha256)) stores(BYTES).delete([id, file.sha256]);
        }
      };
      return reading;
    });
    return changed;
  }

  async bytes(id: number, sha256: string): Promise<ArrayBuffer | undefined> {
    return this.run([BYTES], "readonly", (stores) => (
      stores(BYTES).get([id, sha256]) as IDBRequest<ArrayBuffer | undefined>
    ));
  }

  /** Forgets one item and its bytes. */
  async remove(id: number): Promise<void> {
    await this.run([ITEMS, BYTES], "readwrite", (stores) => {
      stores(BYTES).delete(everyFileOf(id));
      return stores(ITEMS).delete(id);
    });
  }

  /** Forgets everything. */
  async wipe(): Promise<void> {
    await this.run([ITEMS, BYTES, NOTES], "readwrite", (stores) => {
      stores(ITEMS).clear();
      stores(BYTES).clear();
      return stores(NOTES).clear();
    });
  }

  async note<Value>(name: string): Promise<Value | undefined> {
    return this.run([NOTES], "readonly", (stores) => stores(NOTES).get(name) as IDBRequest<Value>);
  }

  async setNote(name: string, value: unknown): Promise<void> {
    await this.run([NOTES], "readwrite", (stores) => stores(NOTES).put(value, name));
  }

  private async run<Result>(
    names: string[], mode: IDBTransactionMode,
    work: (stores: (name: string) => IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> {
    try {
      return await this.once(names, mode, work);
    } catch (error) {
      // The browser may close a database under a page; nothing of that transaction was kept.
      if (!closed(error)) throw error;
      this.opening = null;
      return this.once(names, mode, work);
    }
  }

  private async once<Result>(
    names: string[], mode: IDBTransactionMode,
    work: (stores: (name: string) => IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> {
    const database = await this.open();
    return new Promise((resolve, reject) => {
      const begin = database.transaction.bind(database) as Begin;
      const transaction = begin(names, mode, { durability: "strict" });
      let request: IDBRequest<Result> | null = null;
      transaction.oncomplete = () => resolve((request as IDBRequest<Result>).result);
      transaction.onabort = () => {
        const error = transaction.error ?? request?.error;
        reject(error?.name === "QuotaExceededError" ? new StoreFull() : error ?? connectionLost());
      };
      request = work((name) => transaction.objectStore(name));
    });
  }

  private open(): Promise<IDBDatabase> {
    this.opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = this.factory.open(NAME, VERSION);
      request.onupgradeneeded = () => upgrade(request.result);
      request.onerror = () => {
        this.opening = null;
        reject(request.error?.name === "QuotaExceededError" ? new StoreFull() : request.error);
      };
      request.onsuccess = () => {
        const database = request.result;
        const forget = () => {
          database.close();
          this.opening = null;
        };
        database.onclose = forget;
        // A newer version of the application may not wait for this page.
        database.onversionchange = forget;
        resolve(database);
      };
    });
    return this.opening;
  }
}

function everyFileOf(id: number): IDBKeyRange {
  return IDBKeyRange.bound([id, ""], [id, "\uffff"]);
}

function connectionLost(): DOMException {
  return new DOMException("the database was closed", "InvalidStateError");
}

function closed(error: unknown): boolean {
  const name = (error as DOMException | null)?.name;
  return name === "InvalidStateError" || name === "UnknownError" || name === "AbortError";
}
