/*
 * Prints where libmemcached places keys. Each argument is a node, host,port,weight; the order of the arguments is the order
 * in which the nodes are added. See README.md beside this file.
 */
#include <libmemcached/memcached.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEYS = 10000, PER_LINE = 100 };

static const char DIGITS[] = "0123456789abcdefghijklmnopqrstuvwxyz";

static void fail(const char *what, const char *detail)
{
    fprintf(stderr, "vectors: %s: %s\n", what, detail);
    exit(1);
}

static void add(memcached_st *client, const char *node)
{
    char host[256];
    unsigned port;
    unsigned weight;
    if (sscanf(node, "%255[^,],%u,%u", host, &port, &weight) != 3) {
        fail("not host,port,weight", node);
    }
    memcached_return_t added = memcached_server_add_with_weight(client, host, (in_port_t) port, weight);
    if (added != MEMCACHED_SUCCESS) {
        fail(node, memcached_strerror(client, added));
    }
    printf("%s\n", node);
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > (int) sizeof DIGITS) {
        fail("wants 1 to 36 nodes", "host,port,weight ...");
    }
    memcached_st *client = memcached_create(NULL);
    memcached_return_t set = memcached_behavior_set(client, MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED, 1);
    if (set != MEMCACHED_SUCCESS) {
        fail("KETAMA_WEIGHTED", memcached_strerror(client, set));
    }
    for (int i = 1; i < argc; i++) {
        add(client, argv[i]);
    }
    printf("\n");
    for (uint32_t i = 0; i < KEYS; i++) {
        char key[64];
        int length = snprintf(key, sizeof key, "key:%u:%x", i, i * UINT32_C(2654435761));
        putchar(DIGITS[memcached_generate_hash(client, key, (size_t) length)]);
        if (i % PER_LINE == PER_LINE - 1) {
            putchar('\n');
        }
    }
    memcached_free(client);
    return 0;
}
