/* The exact basin map of a two-player two-action game, written for speed.
 *
 * Starts advance in blocks that stay in registers and the first cache; OpenMP shares the blocks out. Every rule has
 * an inner loop of its own: whether a term is used is a constant that the compiler folds.
 */
#include <math.h>
#include <stdint.h>

#define BLOCK 64

struct problem {
    const float *logits; /* of the starting probabilities along one axis, [grid] */
    int64_t grid;
    const float *step_sizes; /* [steps] */
    int64_t steps;
    const float *payoffs; /* [player, row action, column action] */
    float own, peer;      /* coefficients times the inner step size */
    float bound, reached; /* both in logits */
};

/* a player's utility: constant + by_p p + by_q q + by_both p q */
struct bilinear {
    float by_p, by_q, by_both;
};

static struct bilinear bilinear(const float *u)
{
    return (struct bilinear){u[1] - u[3], u[2] - u[3], u[0] - u[1] - u[2] + u[3]};
}

static inline float clip(float x, float bound)
{
    return fminf(fmaxf(x, -bound), bound);
}

static inline __attribute__((always_inline)) void run_block(const struct problem *all, float *x, float *y,
                                                            const int use_own, const int use_peer)
{
    const struct bilinear u = bilinear(all->payoffs), v = bilinear(all->payoffs + 4);
    const float own = all->own, peer = all->peer, bound = all->bound;
    for (int64_t t = 0; t < all->steps; t++) {
        const float size = all->step_sizes[t];
#pragma omp simd
        for (int l = 0; l < BLOCK; l++) {
            const float p = 1.0f / (1.0f + expf(-x[l])), q = 1.0f / (1.0f + expf(-y[l]));
            const float dp = p * (1.0f - p), dq = q * (1.0f - q);
            const float u_p = u.by_p + u.by_both * q, v_q = v.by_q + v.by_both * p;
            const float base_x = u_p * dp, base_y = v_q * dq;
            float along_x = base_x, along_y = base_y;
            if (use_own) {
                along_x += own * u_p * dp * (1.0f - 2.0f * p) * base_x;
                along_y += own * v_q * dq * (1.0f - 2.0f * q) * base_y;
            }
            if (use_peer) {
                const float u_y = (u.by_q + u.by_both * p) * dq, v_x = (v.by_p + v.by_both * q) * dp;
                along_x += peer * v.by_both * dp * dq * u_y;
                along_y += peer * u.by_both * dp * dq * v_x;
            }
            x[l] = clip(x[l] + size * along_x, bound);
            y[l] = clip(y[l] + size * along_y, bound);
        }
    }
}

/* label 0: both play the first action; 1: both the second; 2: neither */
void exact_map(const struct problem *all, int use_own, int use_peer, int threads, int8_t *labels)
{
    const int64_t count = all->grid * all->grid;
#pragma omp parallel for schedule(dynamic, 4) num_threads(threads)
    for (int64_t first = 0; first < count; first += BLOCK) {
        float x[BLOCK] __attribute__((aligned(64))), y[BLOCK] __attribute__((aligned(64)));
        for (int l = 0; l < BLOCK; l++) {
            const int64_t k = first + l < count ? first + l : count - 1;
            x[l] = all->logits[k / all->grid];
            y[l] = all->logits[k % all->grid];
        }
        if (use_own && use_peer)
            run_block(all, x, y, 1, 1);
        else if (use_own)
            run_block(all, x, y, 1, 0);
        else if (use_peer)
            run_block(all, x, y, 0, 1);
        else
            run_block(all, x, y, 0, 0);
        const float c = all->reached;
        for (int l = 0; l < BLOCK && first + l < count; l++)
            labels[first + l] = (x[l] >= c && y[l] >= c) ? 0 : (x[l] <= -c && y[l] <= -c) ? 1 : 2;
    }
}
