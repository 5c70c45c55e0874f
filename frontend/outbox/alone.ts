/** Runs work under a name that one page or worker of this site holds at a time; false when taken. */
export async function alone(name: string, work: () => Promise<void>): Promise<boolean> {
  return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}

/** Holds a name until it is let go or this page ends; null when another page holds it. */
export async function hold(name: string): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (lock) return new Promise<void>((letGo) => resolve(letGo));
      resolve(null);
      return undefined;
    });
  });
}
