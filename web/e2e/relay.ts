/* SPDX-License-Identifier: Apache-2.0 */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Passes on to a port of this machine what comes to its own, and can be cut like a cable. */
export class Relay {
  private readonly sockets = new Set<Socket>();
  private whole = true;
  private readonly server: Server;

  private constructor(server: Server, port: number) {
    this.server = server;
    server.on('connection', (near) => {
      if (!this.whole) return near.destroy();
      const far = connect(port, '127.0.0.1');
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          this.sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
  }

  static to(port: number): Promise<Relay> {
    const server = createServer();
    const relay = new Relay(server, port);
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(relay)));
  }

  address(path: string): string {
    return `rtsp://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  cut(): void {
    this.whole = false;
    for (const socket of this.sockets) socket.destroy();
  }

  heal(): void {
    this.whole = true;
  }

  close(): void {
    this.cut();
    this.server.close();
  }
}
