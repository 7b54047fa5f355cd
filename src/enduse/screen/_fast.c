/* The matcher in C: the same steps and the same numbers as match.py, over the same flat arrays.
 *
 * Python folds the name; everything from near words to log-odds happens here. Integers throughout, doubles only for
 * the weighed features, in the same order of operations (build without contraction of floating-point operations).
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WORDS 16
#define MAX_WORD 48
#define MOST_NEAR 96
#define COMPARED 64
#define POSTS 40000
#define COARSE 400
#define FEATURES 20
#define MAX_PAIRS 2048

enum { PLAIN, GENERIC, PARTICLE, TITLE, NUMBER, INITIAL };
enum { EXACT = 1000, SAME_WORD = 900, SAME_FAMILY = 930, SAME_SKELETON = 840, NEAR = 700 };
enum { BY_SPELLING = 360, BY_SOUND = 300, BY_CONSONANTS = 200, JOINED = 20, INITIAL_FOR_WORD = 800, JOIN_AT_LEAST = 860 };
enum { LOST_ALL = 90000, PERSON = 1 };

static uint32_t crc_table[256];

static uint32_t crc(uint32_t c, const char *s, int n) {
    for (int i = 0; i < n; i++) c = crc_table[(c ^ (uint8_t)s[i]) & 255] ^ (c >> 8);
    return c;
}
static uint32_t crc_of(const char *s, int n) { return crc(0xFFFFFFFFu, s, n) ^ 0xFFFFFFFFu; }

typedef struct { int32_t word; int32_t value; } NearWord;
typedef struct { NearWord best[MOST_NEAR]; NearWord by_word[MOST_NEAR]; int n; int length; } Near;

/* A query word laid out for bit-parallel comparison: for each letter the places where it stands. */
typedef struct { uint64_t at[128]; uint32_t letters; int len; const char *text; } Pattern;

/* word, sound, consonants of one word: their letters, where they stand, how long they are; together in memory */
typedef struct { uint32_t letters[3]; int32_t at[3]; uint8_t len[4]; } Record;

/* what is counted of one name in a query, and what is needed to judge it; together in memory */
typedef struct { int32_t sum, query, turn, tells_kind; } Tally;

#if defined(__GNUC__)
#define SOON(p) __builtin_prefetch(p)
#else
#define SOON(p) ((void)(p))
#endif

typedef struct {
    PyObject_HEAD
    Py_buffer held[32];                  /* the arrays, kept alive */
    int helds;
    int words, names, codes, bones, has_abjad;
    const char *blob[3];                 /* words, keys, bones, one after the other */
    const int32_t *blob_at[3];
    const int32_t *post_at, *posts, *token_at, *tokens, *token_join, *code_word, *bone_word, *name_tells;
    const int16_t *token_tells;
    const uint8_t *token_class, *name_kind, *word_abjad;
    const uint16_t *name_legal;
    const uint32_t *code, *bone;
    int32_t *code_at, *bone_at;          /* first place of each 16-bit prefix */
    int32_t *looked, look;               /* per word: in which look-up it was last met */
    int32_t *given, giving, *value;      /* per word: for which query word it was last accepted, and its likeness */
    int32_t *out;                        /* words a look-up found */
    NearWord *found;                     /* words accepted */
    Tally *tally;                        /* per name: sum; in which query, in which list it was last met */
    int32_t query, turn;
    int32_t *touched;
    Pattern pattern[3];
    Record *record;                      /* per word: what is needed to tell it from the query's word */
    Near near[MAX_WORDS], near_join[MAX_WORDS];
    double weights[2][FEATURES + 1];     /* bodies, persons */
} Engine;

typedef struct {
    int name, met, lost, ours, theirs, all_ours, all_theirs, pairs, best, plain_ours, plain_theirs, numbers, legal, exact,
        mistaken, initials;
} Compared;

typedef struct {
    const char *text[3];                 /* word, sound, consonants */
    int len[3], tells, cls, known;
} Word;

typedef struct { int at; const char *text[3]; int len[3]; } Join;

static int by_value(const void *a, const void *b) {
    const NearWord *x = a, *y = b;
    if (x->value != y->value) return x->value > y->value ? -1 : 1;
    return x->word < y->word ? -1 : x->word > y->word;
}
static int by_word(const void *a, const void *b) {
    const NearWord *x = a, *y = b;
    return x->word < y->word ? -1 : x->word > y->word;
}

static uint32_t letter(char c) { return 1u << (c >= 'a' && c <= 'z' ? c - 'a' : 26 + (c & 3)); }

static uint32_t letters_of(const char *s, int n) {
    uint32_t m = 0;
    for (int i = 0; i < n; i++) m |= letter(s[i]);
    return m;
}

static void lay(Pattern *p, const char *s, int n) {
    for (int i = 0; i < n; i++) p->at[(uint8_t)s[i] & 127] = 0;
    for (int i = 0; i < n; i++) p->at[(uint8_t)s[i] & 127] |= 1ull << i;
    p->letters = letters_of(s, n);
    p->len = n;
    p->text = s;
}
static void clear(Pattern *p) { for (int i = 0; i < p->len; i++) p->at[(uint8_t)p->text[i] & 127] = 0; }

/* optimal string alignment distance (Hyyro 2003, bit-parallel with transpositions) */
static int osa(const Pattern *p, const char *b, int m) {
    if (!p->len) return m;
    uint64_t vp = ~0ull, vn = 0, d0 = 0, before = 0, last = 1ull << (p->len - 1);
    int distance = p->len;
    for (int j = 0; j < m; j++) {
        uint64_t pm = p->at[(uint8_t)b[j] & 127];
        uint64_t tr = ((~d0 & pm) << 1) & before;
        d0 = (((pm & vp) + vp) ^ vp) | pm | vn | tr;
        uint64_t hp = vn | ~(d0 | vp), hn = d0 & vp;
        distance += (hp & last) != 0;
        distance -= (hn & last) != 0;
        hp = (hp << 1) | 1;
        hn <<= 1;
        vp = hn | ~(d0 | hp);
        vn = hp & d0;
        before = pm;
    }
    return distance;
}

static int ones(uint32_t x) {
    x -= (x >> 1) & 0x55555555u;
    x = (x & 0x33333333u) + ((x >> 2) & 0x33333333u);
    return (int)((((x + (x >> 4)) & 0x0F0F0F0Fu) * 0x01010101u) >> 24);
}

/* the fewest edits two words of these letters and lengths can be apart */
static int at_least(const Pattern *p, uint32_t letters, int len) {
    int a = ones(p->letters & ~letters), b = ones(letters & ~p->letters);
    int c = p->len > len ? p->len - len : len - p->len;
    if (a < b) a = b;
    return a > c ? a : c;
}

static int max2(int a, int b) { return a > b ? a : b; }
static int min2(int a, int b) { return a < b ? a : b; }

static const char *text_of(const Engine *e, int kind, int word, int *len) {
    int32_t at = e->blob_at[kind][word];
    *len = e->blob_at[kind][word + 1] - at;
    return e->blob[kind] + at;
}

static void give(Engine *e, int *n, int word, int value) {
    if (e->given[word] == e->giving) {
        if (e->value[word] < value) e->value[word] = value;
        return;
    }
    e->given[word] = e->giving;
    e->value[word] = value;
    e->found[(*n)++].word = word;
}

/* adds the words filed under a code to e->out, each once per look-up */
static void filed(Engine *e, const uint32_t *codes, const int32_t *words, const int32_t *at, uint32_t code, int *n) {
    int lo = at[code >> 16], end = at[(code >> 16) + 1], hi = end;
    while (lo < hi) {
        int mid = (lo + hi) >> 1;
        if (codes[mid] < code) lo = mid + 1; else hi = mid;
    }
    for (int i = lo; i < end && codes[i] == code; i++) {
        int w = words[i];
        if (e->looked[w] == e->look) continue;
        e->looked[w] = e->look;
        e->out[(*n)++] = w;
    }
}

static int edits(int n) { return n < 3 ? 0 : n < 7 ? 1 : 2; }

static void codes_of(Engine *e, const char *s, int n, int deep, int *count) {
#define LOOK(c) filed(e, e->code, e->code_word, e->code_at, (c), count)
    LOOK(crc_of(s, n));
    if (n > 14) {
        char part[8];
        memcpy(part, s, 7); part[7] = '<';
        LOOK(crc_of(part, 8));
        memcpy(part, s + n - 7, 7); part[7] = '>';
        LOOK(crc_of(part, 8));
        if (deep > 1) deep = 1;
    }
    if (!deep) return;
    uint32_t head = 0xFFFFFFFFu;
    for (int i = 0; i < n; i++) {
        LOOK(crc(head, s + i + 1, n - i - 1) ^ 0xFFFFFFFFu);
        if (deep > 1) {
            uint32_t mid = head;
            for (int j = i + 1; j < n; j++) {
                LOOK(crc(mid, s + j + 1, n - j - 1) ^ 0xFFFFFFFFu);
                mid = crc(mid, s + j, 1);
            }
        }
        head = crc(head, s + i, 1);
    }
#undef LOOK
}

static int digits(const char *s, int n) {
    for (int i = 0; i < n; i++) if (s[i] < '0' || s[i] > '9') return 0;
    return n > 0;
}

static void near_words(Engine *e, const char *const *text, const int *len, int exact, int joined, int abjad, const int32_t *family, int families, Near *near) {
    int n = 0, count = 0;
    e->giving++;
    if (digits(text[0], len[0]) || len[0] < 2) {
        if (exact >= 0) give(e, &n, exact, EXACT);
    } else {
        e->look++;
        codes_of(e, text[1], len[1], joined ? 0 : edits(len[1]), &count);
        if (!joined && len[0] > 3) codes_of(e, text[0], len[0], 1, &count);
        if (!count && exact >= 0) give(e, &n, exact, EXACT);
        for (int k = 0; k < 3; k++) lay(&e->pattern[k], text[k], len[k]);
        for (int k = 0; k < count; k++) {
            int w = e->out[k];
            if (k + 8 < count) SOON(&e->record[e->out[k + 8]]);
            const Record *r = &e->record[w];
            int lw = r->len[0], lk = r->len[1], lb = r->len[2];
            int longest = max2(len[0], lw), longest_key = max2(max2(len[1], lk), 1), longest_bone = max2(max2(len[2], lb), 1);
            int least = (BY_SPELLING * at_least(&e->pattern[0], r->letters[0], lw)) / longest;
            if (least > EXACT - NEAR) continue;
            least += (BY_SOUND * at_least(&e->pattern[1], r->letters[1], lk)) / longest_key;
            if (least > EXACT - NEAR) continue;
            least += (BY_CONSONANTS * at_least(&e->pattern[2], r->letters[2], lb)) / longest_bone;
            if (least > EXACT - NEAR) continue;
            int spelt = osa(&e->pattern[0], e->blob[0] + r->at[0], lw);
            if (!spelt) { give(e, &n, w, EXACT); continue; }
            int lost = (BY_SPELLING * spelt) / longest;
            int heard = osa(&e->pattern[1], e->blob[1] + r->at[1], lk);
            if (joined && heard) continue;
            lost += (BY_SOUND * heard) / longest_key;
            if (lost > EXACT - NEAR) continue;
            lost += (BY_CONSONANTS * osa(&e->pattern[2], e->blob[2] + r->at[2], lb)) / longest_bone;
            if (EXACT - lost >= NEAR) give(e, &n, w, EXACT - lost);
        }
        for (int k = 0; k < 3; k++) clear(&e->pattern[k]);
    }
    if (!joined) {
        for (int k = 0; k < families; k++) give(e, &n, family[k], SAME_FAMILY);
        if ((abjad || e->has_abjad) && len[2] >= 2) {
            count = 0;
            e->look++;
            filed(e, e->bone, e->bone_word, e->bone_at, crc_of(text[2], len[2]), &count);
            for (int k = 0; k < count; k++) {
                int w = e->out[k], lb;
                if (e->word_abjad[w] == abjad) continue;
                const char *tb = text_of(e, 2, w, &lb);
                if (lb == len[2] && !memcmp(tb, text[2], lb)) give(e, &n, w, len[2] > 2 ? SAME_SKELETON : SAME_SKELETON - 60);
            }
        }
    }
    for (int k = 0; k < n; k++) e->found[k].value = e->value[e->found[k].word];
    qsort(e->found, n, sizeof *e->found, by_value);
    near->n = min2(n, MOST_NEAR);
    memcpy(near->best, e->found, near->n * sizeof *e->found);
    memcpy(near->by_word, e->found, near->n * sizeof *e->found);
    qsort(near->by_word, near->n, sizeof *e->found, by_word);
    near->length = 0;
    for (int k = 0; k < near->n; k++) near->length += e->post_at[near->best[k].word + 1] - e->post_at[near->best[k].word];
}

static int likeness(const Near *near, int word) {
    int lo = 0, hi = near->n;
    while (lo < hi) {
        int mid = (lo + hi) >> 1;
        if (near->by_word[mid].word < word) lo = mid + 1; else hi = mid;
    }
    return lo < near->n && near->by_word[lo].word == word ? near->by_word[lo].value : 0;
}

static void read_posts(Engine *e, const Near *near, int tells, int join, int *touched) {
    int32_t turn = ++e->turn;
    for (int k = 0; k < near->n; k++) {
        int w = near->best[k].word, value = (int)((int64_t)tells * near->best[k].value / 1000);
        int32_t end = e->post_at[w + 1];
        for (int32_t p = e->post_at[w]; p < end; p++) {
            int name = e->posts[p];
            if (p + 8 < end) SOON(&e->tally[e->posts[p + 8]]);
            Tally *t = &e->tally[name];
            if (t->turn == turn) continue;
            t->turn = turn;
            if (t->query != e->query) {
                t->query = e->query;
                t->sum = 0;
                e->touched[(*touched)++] = name;
            }
            if (join) { if (t->sum < value) t->sum = value; }
            else t->sum += value;
        }
    }
}

static int candidates(Engine *e, const Word *w, int n, const Near *near, const Join *join, const Near *near_join, int joins, int kinds, int32_t *out) {
    int order[MAX_WORDS], touched = 0, read = 0, only_small = 1, all_ours = 0;
    for (int i = 0; i < n; i++) {
        all_ours += w[i].tells;
        if (w[i].cls != PARTICLE && w[i].cls != TITLE) only_small = 0;
        int k = i;
        while (k && near[order[k - 1]].length > near[i].length) { order[k] = order[k - 1]; k--; }
        order[k] = i;
    }
    e->query++;
    for (int k = 0; k < n; k++) {
        int i = order[k];
        if (!near[i].length || ((w[i].cls == PARTICLE || w[i].cls == TITLE) && !only_small)) continue;
        if (read && read + near[i].length > POSTS) break;
        read += near[i].length;
        read_posts(e, &near[i], w[i].tells, 0, &touched);
    }
    for (int k = 0; k < joins; k++) {
        int i = join[k].at;
        if (near_join[k].length) read_posts(e, &near_join[k], w[i].tells + w[i + 1].tells, 1, &touched);
    }
    uint64_t heap[COMPARED];
    int size = 0;
    for (int k = 0; k < touched; k++) {
        int name = e->touched[k];
        if (k + 8 < touched) SOON(&e->tally[e->touched[k + 8]]);
        const Tally *t = &e->tally[name];
        if (!(t->tells_kind & 7 & kinds)) continue;
        int share = (int)((int64_t)t->sum * 1000 / ((3 * all_ours + 2 * (t->tells_kind >> 3)) / 5 + 1));
        if (share < COARSE) continue;
        uint64_t v = ((uint64_t)share << 32) | (uint64_t)(0x7FFFFFFF - name);
        int p;
        if (size < COMPARED) p = size++;
        else if (heap[COMPARED - 1] >= v) continue;
        else p = COMPARED - 1;
        while (p && heap[p - 1] < v) { heap[p] = heap[p - 1]; p--; }
        heap[p] = v;
    }
    for (int k = 0; k < size; k++) out[k] = (int32_t)(0x7FFFFFFF - (heap[k] & 0xFFFFFFFF));
    return size;
}

typedef struct { int32_t value; uint32_t a, b; } Pair;

static int by_pair(const void *x, const void *y) {
    const Pair *p = x, *q = y;
    if (p->value != q->value) return p->value < q->value ? -1 : 1;
    if (p->a != q->a) return p->a < q->a ? -1 : 1;
    return p->b < q->b ? -1 : p->b > q->b;
}

static int lowest(uint32_t m) { int i = 0; while (!(m >> i & 1)) i++; return i; }

static void compare(Engine *e, const Word *w, int n, int legal, const Near *near, const Join *join, const Near *near_join, int joins, int name, Compared *c) {
    Pair pairs[MAX_PAIRS];
    int count = 0;
    int start = e->token_at[name], m = e->token_at[name + 1] - start;
    const int32_t *theirs = e->tokens + start, *join_theirs = e->token_join + start;
    const int16_t *tells = e->token_tells + start;
    const uint8_t *cls = e->token_class + start;
    for (int i = 0; i < n; i++) {
        int ci = w[i].cls;
        for (int j = 0; j < m; j++) {
            int value = likeness(&near[i], theirs[j]);
            if (value) pairs[count++] = (Pair){-value, 1u << i, 1u << j};
            else if ((ci == INITIAL) != (cls[j] == INITIAL) && (ci == INITIAL || ci == PLAIN) && (cls[j] == INITIAL || cls[j] == PLAIN)) {
                int len;
                if (text_of(e, 0, theirs[j], &len)[0] == w[i].text[0][0]) pairs[count++] = (Pair){-INITIAL_FOR_WORD, 1u << i, 1u << j};
            }
            if (join_theirs[j] >= 0) {
                value = likeness(&near[i], join_theirs[j]);
                if (value >= JOIN_AT_LEAST) pairs[count++] = (Pair){JOINED - value, 1u << i, 3u << j};
            }
        }
    }
    for (int k = 0; k < joins; k++)
        for (int j = 0; j < m; j++) {
            int value = likeness(&near_join[k], theirs[j]);
            if (value) pairs[count++] = (Pair){JOINED - value, 3u << join[k].at, 1u << j};
        }
    qsort(pairs, count, sizeof *pairs, by_pair);
    memset(c, 0, sizeof *c);
    c->name = name;
    uint32_t used_ours = 0, used_theirs = 0;
    for (int k = 0; k < count; k++) {
        uint32_t a = pairs[k].a, b = pairs[k].b;
        int value = pairs[k].value;
        if (used_ours & a || used_theirs & b) continue;
        used_ours |= a;
        used_theirs |= b;
        int i = lowest(a), j = lowest(b);
        int mine = w[i].tells, thine = tells[j];
        if (a != 1u << i) mine += w[i + 1].tells;
        if (b != 1u << j) thine += tells[j + 1];
        int told = min2(mine, thine);
        int gone = (int)((int64_t)told * (EXACT + value) * (EXACT + value) / LOST_ALL);
        c->met += told;
        c->lost += gone;
        if (w[i].cls == PLAIN && cls[j] == PLAIN) {
            c->pairs++;
            if (value <= -SAME_WORD) c->exact++;
            if (value > -SAME_WORD && w[i].known) c->mistaken += told;
        }
        if (w[i].cls == INITIAL || cls[j] == INITIAL) c->initials++;
        c->best = max2(c->best, told - gone);
    }
    int numbers_ours = 0, numbers_theirs = 0;
    for (int i = 0; i < n; i++) {
        c->all_ours += w[i].tells;
        if (used_ours >> i & 1) continue;
        c->ours += w[i].tells;
        c->plain_ours += w[i].cls == PLAIN;
        numbers_ours += w[i].cls == NUMBER;
    }
    for (int j = 0; j < m; j++) {
        c->all_theirs += tells[j];
        if (used_theirs >> j & 1) continue;
        c->theirs += tells[j];
        c->plain_theirs += cls[j] == PLAIN;
        numbers_theirs += cls[j] == NUMBER;
    }
    c->numbers = numbers_ours && numbers_theirs ? 2 : numbers_ours || numbers_theirs ? 1 : 0;
    int thine = e->name_legal[name];
    c->legal = !(legal || thine) ? 0 : !(legal && thine) ? 2 : legal & thine ? 1 : 3;
}

static double log_odds(const Compared *c, const double *weight) {
    double kept = (c->met - c->lost) / 100.0;
    double ours = c->ours / 100.0, theirs = c->theirs / 100.0;
    double theirs_share = theirs > 0.0 ? theirs / (kept + theirs) : 0.0;
    double both = ours < theirs ? ours : theirs;
    double v[FEATURES] = {
        (kept < 6.0 ? kept : 6.0) / 6.0,
        kept < 6.0 ? 0.0 : (kept < 12.0 ? kept - 6.0 : 6.0) / 6.0,
        kept < 12.0 ? 0.0 : (kept < 24.0 ? kept - 12.0 : 12.0) / 12.0,
        c->met ? (double)c->lost / (double)c->met : 1.0,
        ours > 0.0 ? ours / (kept + ours) : 0.0,
        (ours < 10.0 ? ours : 10.0) / 10.0,
        theirs_share,
        theirs_share > 0.35 ? theirs_share - 0.35 : 0.0,
        (theirs < 10.0 ? theirs : 10.0) / 10.0,
        both > 0.0 ? both / (kept + both) : 0.0,
        c->best / 900.0,
        c->pairs <= 1 ? 1.0 : 0.0,
        c->numbers == 1 ? 1.0 : 0.0,
        c->numbers == 2 ? 1.0 : 0.0,
        c->legal == 1 ? 1.0 : 0.0,
        c->legal == 3 ? 1.0 : 0.0,
        c->initials > 2 ? 2.0 : (double)c->initials,
        (c->mistaken < 900 ? c->mistaken : 900) / 900.0,
        !c->ours && !c->theirs && !c->lost ? 1.0 : 0.0,
        c->plain_theirs > 3 ? 3.0 : (double)c->plain_theirs,
    };
    double total = weight[0];
    for (int k = 0; k < FEATURES; k++) total += weight[k + 1] * v[k];
    return total;
}

/* ---- Python's side ---- */

static int texts(PyObject *tuple, const char **text, int *len) {
    for (int k = 0; k < 3; k++) {
        Py_ssize_t n;
        PyObject *s = PyTuple_GET_ITEM(tuple, k);
        text[k] = PyUnicode_AsUTF8AndSize(s, &n);
        if (!text[k]) return -1;
        if (n > MAX_WORD) { PyErr_SetString(PyExc_ValueError, "a word is too long"); return -1; }
        len[k] = (int)n;
    }
    return 0;
}


static long number(PyObject *tuple, int at) { return PyLong_AsLong(PyTuple_GET_ITEM(tuple, at)); }

static int read_word(Engine *e, PyObject *t, Word *w, int abjad, Near *near) {
    if (!PyTuple_Check(t) || PyTuple_GET_SIZE(t) != 8) { PyErr_SetString(PyExc_TypeError, "a word is eight values"); return -1; }
    if (texts(t, w->text, w->len) < 0) return -1;
    int exact = (int)number(t, 3);
    w->tells = (int)number(t, 4);
    w->cls = (int)number(t, 5);
    w->known = (int)number(t, 6);
    PyObject *family = PyTuple_GET_ITEM(t, 7);
    if (!PyTuple_Check(family)) { PyErr_SetString(PyExc_TypeError, "a family is a tuple"); return -1; }
    int32_t ids[256];
    int families = min2((int)PyTuple_GET_SIZE(family), 256);
    for (int k = 0; k < families; k++) {
        long id = number(family, k);
        if (id < 0 || id >= e->words) { PyErr_SetString(PyExc_IndexError, "no such word"); return -1; }
        ids[k] = (int32_t)id;
    }
    if (PyErr_Occurred()) return -1;
    if (exact >= e->words) { PyErr_SetString(PyExc_IndexError, "no such word"); return -1; }
    near_words(e, w->text, w->len, exact, 0, abjad, ids, families, near);
    return 0;
}

static PyObject *told(const Compared *c, double odds, int full) {
    if (!full) return Py_BuildValue("di", odds, c->name);
    return Py_BuildValue("d(iiiiiiiiiiiiiiii)", odds, c->name, c->met, c->lost, c->ours, c->theirs, c->all_ours, c->all_theirs, c->pairs,
                         c->best, c->plain_ours, c->plain_theirs, c->numbers, c->legal, c->exact, c->mistaken, c->initials);
}

PyDoc_STRVAR(match_doc, "match(words, joins, legal, kinds, abjad, full) -> [(log-odds, name or comparison), ...]\n\n"
"words: (word, sound, consonants, number or -1, tells, class, known, family numbers); joins: (word, sound, consonants,\n"
"number or -1, place).");

static PyObject *engine_match(PyObject *self, PyObject *args) {
    Engine *e = (Engine *)self;
    PyObject *words, *joined;
    int legal, kinds, abjad, full;
    if (!PyArg_ParseTuple(args, "O!O!iiii", &PyList_Type, &words, &PyList_Type, &joined, &legal, &kinds, &abjad, &full)) return NULL;
    Word w[MAX_WORDS];
    Join join[MAX_WORDS];
    int n = (int)PyList_GET_SIZE(words), joins = 0;
    if (n > MAX_WORDS || PyList_GET_SIZE(joined) > MAX_WORDS) { PyErr_SetString(PyExc_ValueError, "too many words"); return NULL; }
    if (e->look > 2000000000 || e->turn > 2000000000) { /* the stamps begin again */
        memset(e->looked, 0, sizeof(int32_t) * e->words);
        memset(e->given, 0, sizeof(int32_t) * e->words);
        for (int i = 0; i < e->names; i++) e->tally[i].query = e->tally[i].turn = 0;
        e->look = e->giving = e->query = e->turn = 0;
    }
    for (int i = 0; i < n; i++)
        if (read_word(e, PyList_GET_ITEM(words, i), &w[i], abjad, &e->near[i]) < 0) return NULL;
    for (Py_ssize_t k = 0; k < PyList_GET_SIZE(joined); k++) {
        PyObject *t = PyList_GET_ITEM(joined, k);
        if (!PyTuple_Check(t) || PyTuple_GET_SIZE(t) != 5) { PyErr_SetString(PyExc_TypeError, "a join is five values"); return NULL; }
        if (texts(t, join[joins].text, join[joins].len) < 0) return NULL;
        int exact = (int)number(t, 3), at = (int)number(t, 4);
        if (PyErr_Occurred()) return NULL;
        if (at < 0 || at + 1 >= n || exact >= e->words) { PyErr_SetString(PyExc_IndexError, "no such word"); return NULL; }
        join[joins].at = at;
        near_words(e, join[joins].text, join[joins].len, exact, 1, abjad, NULL, 0, &e->near_join[joins]);
        if (e->near_join[joins].length) joins++;
    }
    int32_t names[COMPARED];
    int found = candidates(e, w, n, e->near, join, e->near_join, joins, kinds, names);
    PyObject *answer = PyList_New(found);
    if (!answer) return NULL;
    for (int k = 0; k < found; k++) {
        Compared c;
        compare(e, w, n, legal, e->near, join, e->near_join, joins, names[k], &c);
        int person = kinds == PERSON || e->name_kind[names[k]] == PERSON;
        PyObject *one = told(&c, log_odds(&c, e->weights[person]), full);
        if (!one) { Py_DECREF(answer); return NULL; }
        PyList_SET_ITEM(answer, k, one);
    }
    return answer;
}

static const void *hold(Engine *e, PyObject *arrays, const char *name, int size, int *length) {
    PyObject *array = PyDict_GetItemString(arrays, name);
    if (!array) { PyErr_Format(PyExc_KeyError, "%s", name); return NULL; }
    Py_buffer *b = &e->held[e->helds];
    if (PyObject_GetBuffer(array, b, PyBUF_SIMPLE) < 0) return NULL;
    e->helds++;
    if (b->len % size) { PyErr_Format(PyExc_ValueError, "%s has another width", name); return NULL; }
    if (length) *length = (int)(b->len / size);
    return b->buf;
}

static int32_t *prefixes(const uint32_t *codes, int n) {
    int32_t *at = PyMem_RawMalloc(sizeof(int32_t) * 65537);
    if (!at) return NULL;
    int i = 0;
    for (int p = 0; p < 65536; p++) {
        while (i < n && (int)(codes[i] >> 16) < p) i++;
        at[p] = i;
    }
    at[65536] = n;
    return at;
}

static int offsets_hold(const int32_t *at, int n, int length, int end) {
    if (length != n + 1 || at[0] != 0 || at[n] != end) return 0;
    for (int i = 0; i < n; i++) if (at[i] > at[i + 1]) return 0;
    return 1;
}
static int numbers_hold(const int32_t *x, int n, int low, int high) {
    for (int i = 0; i < n; i++) if (x[i] < low || x[i] >= high) return 0;
    return 1;
}

/* every offset and number is checked here once, so that no query can read outside the arrays */
static int check(Engine *e, const int *n, const int *blob_n, const int *blob_at_n) {
    enum { POST_AT, POSTS_, TOKEN_AT, TOKENS, TELLS, CLASS, JOIN, KIND, LEGAL, NAME_TELLS, ABJAD, CODE, CODE_WORD, BONE, BONE_WORD };
    e->words = n[ABJAD];
    e->names = n[KIND];
    e->codes = n[CODE];
    e->bones = n[BONE];
    int ok = e->words > 0 && e->names > 0 && offsets_hold(e->post_at, e->words, n[POST_AT], n[POSTS_]) && offsets_hold(e->token_at, e->names, n[TOKEN_AT], n[TOKENS])
        && n[TELLS] == n[TOKENS] && n[CLASS] == n[TOKENS] && n[JOIN] == n[TOKENS] && n[LEGAL] == e->names && n[NAME_TELLS] == e->names
        && n[CODE_WORD] == n[CODE] && n[BONE_WORD] == n[BONE]
        && numbers_hold(e->posts, n[POSTS_], 0, e->names) && numbers_hold(e->tokens, n[TOKENS], 0, e->words)
        && numbers_hold(e->token_join, n[JOIN], -1, e->words) && numbers_hold(e->code_word, e->codes, 0, e->words)
        && numbers_hold(e->bone_word, e->bones, 0, e->words);
    for (int k = 0; ok && k < 3; k++) {
        ok = offsets_hold(e->blob_at[k], e->words, blob_at_n[k], blob_n[k]);
        for (int i = 0; ok && i < e->words; i++) ok = e->blob_at[k][i + 1] - e->blob_at[k][i] <= MAX_WORD && (k || e->blob_at[k][i + 1] > e->blob_at[k][i]);
    }
    for (int i = 0; ok && i < e->names; i++) ok = e->token_at[i + 1] - e->token_at[i] <= MAX_WORDS;
    for (int i = 0; ok && i < e->names; i++) ok = e->token_at[i + 1] == e->token_at[i] || e->token_join[e->token_at[i + 1] - 1] == -1;
    if (!ok) PyErr_SetString(PyExc_ValueError, "the arrays of this index do not fit together");
    return ok ? 0 : -1;
}

static int engine_init(PyObject *self, PyObject *args, PyObject *kwargs) {
    static const char *NAMES[] = {"post_at", "posts", "token_at", "tokens", "token_tells", "token_class", "token_join", "name_kind", "name_legal",
                                  "name_tells", "word_abjad", "code", "code_word", "bone", "bone_word"};
    static const int SIZES[] = {4, 4, 4, 4, 2, 1, 4, 1, 2, 4, 1, 4, 4, 4, 4};
    static const char *BLOBS[] = {"blob0", "blob1", "blob2"}, *ATS[] = {"blob_at0", "blob_at1", "blob_at2"};
    Engine *e = (Engine *)self;
    PyObject *arrays, *bodies, *persons;
    (void)kwargs;
    if (e->helds) { PyErr_SetString(PyExc_RuntimeError, "an engine is made once"); return -1; }
    if (!PyArg_ParseTuple(args, "O!O!O!", &PyDict_Type, &arrays, &PyTuple_Type, &bodies, &PyTuple_Type, &persons)) return -1;
    const void *at[15];
    int n[15], blob_n[3], blob_at_n[3];
    for (int k = 0; k < 15; k++) if (!(at[k] = hold(e, arrays, NAMES[k], SIZES[k], &n[k]))) return -1;
    for (int k = 0; k < 3; k++) {
        if (!(e->blob[k] = hold(e, arrays, BLOBS[k], 1, &blob_n[k]))) return -1;
        if (!(e->blob_at[k] = hold(e, arrays, ATS[k], 4, &blob_at_n[k]))) return -1;
    }
    e->post_at = at[0]; e->posts = at[1]; e->token_at = at[2]; e->tokens = at[3]; e->token_tells = at[4]; e->token_class = at[5];
    e->token_join = at[6]; e->name_kind = at[7]; e->name_legal = at[8]; e->name_tells = at[9]; e->word_abjad = at[10];
    e->code = at[11]; e->code_word = at[12]; e->bone = at[13]; e->bone_word = at[14];
    if (check(e, n, blob_n, blob_at_n) < 0) return -1;
    for (int i = 0; i < e->words; i++) e->has_abjad |= e->word_abjad[i];
    PyObject *rows[2] = {bodies, persons};
    for (int p = 0; p < 2; p++) {
        if (PyTuple_GET_SIZE(rows[p]) != FEATURES + 1) { PyErr_SetString(PyExc_ValueError, "another number of weights"); return -1; }
        for (int k = 0; k <= FEATURES; k++) e->weights[p][k] = PyFloat_AsDouble(PyTuple_GET_ITEM(rows[p], k));
    }
    if (PyErr_Occurred()) return -1;
    e->code_at = prefixes(e->code, e->codes);
    e->bone_at = prefixes(e->bone, e->bones);
    e->looked = PyMem_RawCalloc(e->words, sizeof(int32_t));
    e->given = PyMem_RawCalloc(e->words, sizeof(int32_t));
    e->value = PyMem_RawCalloc(e->words, sizeof(int32_t));
    e->out = PyMem_RawCalloc(e->words, sizeof(int32_t));
    e->found = PyMem_RawCalloc(e->words, sizeof(NearWord));
    e->tally = PyMem_RawCalloc(e->names, sizeof(Tally));
    e->touched = PyMem_RawCalloc(e->names, sizeof(int32_t));
    e->record = PyMem_RawCalloc(e->words, sizeof(Record));
    if (!e->record || !e->code_at || !e->bone_at || !e->looked || !e->given || !e->value || !e->out || !e->found || !e->tally || !e->touched) {
        PyErr_NoMemory();
        return -1;
    }
    for (int i = 0; i < e->names; i++) e->tally[i].tells_kind = e->name_tells[i] * 8 + (e->name_kind[i] & 7);
    for (int w = 0; w < e->words; w++)
        for (int k = 0; k < 3; k++) {
            int len;
            const char *t = text_of(e, k, w, &len);
            e->record[w].letters[k] = letters_of(t, len);
            e->record[w].at[k] = e->blob_at[k][w];
            e->record[w].len[k] = (uint8_t)len;
        }
    return 0;
}

static void engine_dealloc(PyObject *self) {
    Engine *e = (Engine *)self;
    for (int k = 0; k < e->helds; k++) PyBuffer_Release(&e->held[k]);
    void *owned[] = {e->code_at, e->bone_at, e->looked, e->given, e->value, e->out, e->found, e->tally, e->touched, e->record};
    for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) PyMem_RawFree(owned[k]);
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef engine_methods[] = {{"match", engine_match, METH_VARARGS, match_doc}, {NULL, NULL, 0, NULL}};

static PyTypeObject EngineType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "enduse.screen._fast.Engine",
    .tp_doc = PyDoc_STR("Engine(arrays, weights of bodies, weights of persons): the matcher over the arrays of an index."),
    .tp_basicsize = sizeof(Engine),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = engine_init,
    .tp_dealloc = engine_dealloc,
    .tp_methods = engine_methods,
};

static PyModuleDef module = {PyModuleDef_HEAD_INIT, "_fast", "The matcher in C; the same numbers as enduse.screen.match.", -1, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__fast(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int k = 0; k < 8; k++) c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
        crc_table[i] = c;
    }
    if (PyType_Ready(&EngineType) < 0) return NULL;
    PyObject *m = PyModule_Create(&module);
    if (!m) return NULL;
    Py_INCREF(&EngineType);
    if (PyModule_AddObject(m, "Engine", (PyObject *)&EngineType) < 0) { Py_DECREF(m); return NULL; }
    return m;
}
