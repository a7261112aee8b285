import { definePrismaConfig } from "@prisma/cli-engine";
import { defineConfig } from "@prisma/orm-mongo/config";

/** Where Prisma's tools find the contract. They never see a database: emitting is all they are asked for. */
export default definePrismaConfig({ orm: defineConfig({ contract: "./contract.prisma" }) });
