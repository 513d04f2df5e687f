/* Sampled runs of a two-player two-action game, every play drawn, written for speed.
 *
 * A lane is a start. The lanes of a block have xoshiro128++ generators of their own (Blackman and Vigna 2021), whose
 * words are compared with probabilities as whole numbers. Vectors are GCC's: a machine with narrower ones splits them.
 */
#include <math.h>
#include <stdint.h>

#define LANES 16
#define CHAINS 2 /* generators that do not wait for each other */
#define BLOCK (LANES * CHAINS)

typedef uint32_t words __attribute__((vector_size(4 * LANES)));

struct problem {
    const float *x, *y; /* starting logits, [count] */
    int64_t count;
    const float *step_sizes; /* [steps] */
    int64_t steps, batch;
    const float *payoffs; /* [player, row action, column action] */
    float own, peer;      /* coefficients times the inner step size */
    float bound;
    uint64_t seed;
};

struct block {
    words generator[CHAINS][4];
    words first[CHAINS], second[CHAINS], both[CHAINS]; /* plays with the first action */
    float x[BLOCK], y[BLOCK], p[BLOCK], q[BLOCK];
};

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline words turned(words x, int k)
{
    return (x << k) | (x >> (32 - k));
}

static inline words next(words s[4])
{
    const words result = turned(s[0] + s[3], 7) + s[0], t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = turned(s[3], 11);
    return result;
}

static inline void draw(struct block *at, int64_t batch)
{
    words p[CHAINS], q[CHAINS], s[CHAINS][4], first[CHAINS] = {0}, second[CHAINS] = {0}, both[CHAINS] = {0};
    for (int c = 0; c < CHAINS; c++) {
        for (int l = 0; l < LANES; l++) {
            p[c][l] = (uint32_t)(at->p[c * LANES + l] * 4294967296.0f);
            q[c][l] = (uint32_t)(at->q[c * LANES + l] * 4294967296.0f);
        }
        for (int w = 0; w < 4; w++)
            s[c][w] = at->generator[c][w];
    }
    for (int64_t play = 0; play < batch; play++)
        for (int c = 0; c < CHAINS; c++) {
            /* a comparison that holds is all ones, −1 */
            const words a = (words)(next(s[c]) < p[c]), b = (words)(next(s[c]) < q[c]);
            first[c] -= a;
            second[c] -= b;
            both[c] -= a & b;
        }
    for (int c = 0; c < CHAINS; c++) {
        at->first[c] = first[c], at->second[c] = second[c], at->both[c] = both[c];
        for (int w = 0; w < 4; w++)
            at->generator[c][w] = s[c][w];
    }
}

static inline float clip(float x, float bound)
{
    return fminf(fmaxf(x, -bound), bound);
}

/* the parts of ∂J, ∂²J and ∂∂J of one parameter, from the payoffs of plays with its first and second action */
static inline float gradient(float with_first, float with_second, float p)
{
    return with_first * (1.0f - p) - with_second * p;
}

static inline float curvature(float with_first, float with_second, float p)
{
    const float bend = p * (1.0f - p);
    return with_first * ((1.0f - p) * (1.0f - p) - bend) + with_second * (p * p - bend);
}

static inline float mixed(const float w[4], float p, float q)
{
    return w[0] * (1.0f - p) * (1.0f - q) - w[1] * (1.0f - p) * q - w[2] * p * (1.0f - q) + w[3] * p * q;
}

static inline __attribute__((always_inline)) void move(const struct problem *all, struct block *at, float size,
                                                       const int use_own, const int use_peer)
{
    const float share = 1.0f / (float)all->batch, *a = all->payoffs, *b = all->payoffs + 4;
    const uint32_t *first = (const uint32_t *)at->first, *second = (const uint32_t *)at->second;
    const uint32_t *both = (const uint32_t *)at->both;
#pragma omp simd
    for (int l = 0; l < BLOCK; l++) {
        const float p = at->p[l], q = at->q[l];
        const float cc = share * (float)(int32_t)both[l], cd = share * (float)(int32_t)first[l] - cc;
        const float dc = share * (float)(int32_t)second[l] - cc, dd = 1.0f - cc - cd - dc;
        const float u[4] = {cc * a[0], cd * a[1], dc * a[2], dd * a[3]};
        const float v[4] = {cc * b[0], cd * b[1], dc * b[2], dd * b[3]};
        const float base_x = gradient(u[0] + u[1], u[2] + u[3], p), base_y = gradient(v[0] + v[2], v[1] + v[3], q);
        float along_x = base_x, along_y = base_y;
        if (use_own) {
            along_x += all->own * curvature(u[0] + u[1], u[2] + u[3], p) * base_x;
            along_y += all->own * curvature(v[0] + v[2], v[1] + v[3], q) * base_y;
        }
        if (use_peer) {
            along_x += all->peer * mixed(v, p, q) * gradient(u[0] + u[2], u[1] + u[3], q);
            along_y += all->peer * mixed(u, p, q) * gradient(v[0] + v[1], v[2] + v[3], p);
        }
        at->x[l] = clip(at->x[l] + size * along_x, all->bound);
        at->y[l] = clip(at->y[l] + size * along_y, all->bound);
    }
}

static inline __attribute__((always_inline)) void run_block(const struct problem *all, struct block *at,
                                                            const int use_own, const int use_peer)
{
    for (int64_t t = 0; t < all->steps; t++) {
#pragma omp simd
        for (int l = 0; l < BLOCK; l++) {
            at->p[l] = 1.0f / (1.0f + expf(-at->x[l]));
            at->q[l] = 1.0f / (1.0f + expf(-at->y[l]));
        }
        draw(at, all->batch);
        move(all, at, all->step_sizes[t], use_own, use_peer);
    }
}

static void begin(const struct problem *all, struct block *at, int64_t from)
{
    uint64_t state = all->seed + 0x632be59bd9b4e019u * (uint64_t)(from + 1);
    for (int c = 0; c < CHAINS; c++)
        for (int w = 0; w < 4; w++)
            for (int l = 0; l < LANES; l++)
                at->generator[c][w][l] = (uint32_t)(splitmix(&state) >> 32);
    for (int l = 0; l < BLOCK; l++) {
        const int64_t k = from + l < all->count ? from + l : all->count - 1;
        at->x[l] = all->x[k];
        at->y[l] = all->y[k];
    }
}

void sampled_runs(const struct problem *all, int use_own, int use_peer, int threads, float *x, float *y)
{
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (int64_t from = 0; from < all->count; from += BLOCK) {
        struct block at;
        begin(all, &at, from);
        if (use_own && use_peer)
            run_block(all, &at, 1, 1);
        else if (use_own)
            run_block(all, &at, 1, 0);
        else if (use_peer)
            run_block(all, &at, 0, 1);
        else
            run_block(all, &at, 0, 0);
        for (int l = 0; l < BLOCK && from + l < all->count; l++) {
            x[from + l] = at.x[l];
            y[from + l] = at.y[l];
        }
    }
}
