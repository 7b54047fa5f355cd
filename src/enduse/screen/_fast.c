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
#define COMPARED 48
#define POSTS 40000
#define COARSE 400
#define FEATURES 20
#define COUNTED 21
#define NUMBER_DIFFERS 13
#define UNIT 1000000.0
#define MAX_PAIRS 2048
#define SLOTS 256
#define MAX_CODES 256
#define INLINE 32
#define KEPT 8192
#define LONGEST_WORD 40
#define MAX_SOUND 40
#define MAX_RULES 256

enum { PLAIN, GENERIC, PARTICLE, TITLE, NUMBER, INITIAL };
enum { EXACT = 1000, SAME_WORD = 900, SAME_FAMILY = 930, SAME_SKELETON = 840, NEAR = 700 };
enum { BY_SPELLING = 360, BY_SOUND = 300, BY_CONSONANTS = 200, JOINED = 20, INITIAL_FOR_WORD = 800, JOIN_AT_LEAST = 860, FAINTEST = NEAR };
enum { LOST_ALL = 90000, PERSON = 1 };
enum { ASKED = 1, JOINED_WORD = 2, ABJAD_WORD = 4, PERSON_WORD = 8 }; /* as what a word is looked up */

static uint32_t crc_table[256];

static uint32_t crc(uint32_t c, const char *s, int n) {
    for (int i = 0; i < n; i++) c = crc_table[(c ^ (uint8_t)s[i]) & 255] ^ (c >> 8);
    return c;
}
static uint32_t crc_of(const char *s, int n) { return crc(0xFFFFFFFFu, s, n) ^ 0xFFFFFFFFu; }

typedef struct { int32_t word; int32_t value; } NearWord;
/* best first, with the part of the postings that is its own; `slot` finds a word's place in `best`, plus one, from a hash of its number */
typedef struct { NearWord best[MOST_NEAR]; int32_t from[MOST_NEAR], to[MOST_NEAR]; uint8_t slot[SLOTS]; int n; int length; } Near;

/* the near words of a word looked up before: `how` says as what it was asked (0: nothing is kept here) */
typedef struct { char text[MAX_WORD]; uint8_t len, how; Near near; } Kept;

/* fitted trees, as trees.py has them */
typedef struct { const int32_t *roots, *feature, *most, *no, *value; int trees; } Forest;

/* one rule of how letters sound */
typedef struct { char from[8], to[8]; uint8_t len, to_len; } Rule;

/* A query word laid out for bit-parallel comparison: for each letter the places where it stands. */
typedef struct { uint64_t at[128]; uint32_t letters; int len; const char *text; } Pattern;

/* What is needed of one word to tell it from the query's word, in one line of the processor's cache: letters, lengths and
 * texts of word, sound and consonants (one after the other, or the place of the long ones in `longer`), the look-up in
 * which it was last met, the query's word for which it was last accepted, and its likeness to that. */
typedef struct { uint32_t letters[3]; uint8_t len[4]; int32_t at, looked, given, value; char text[INLINE]; } Record;

/* what is counted of one name in a query, and what is needed to judge it; together in memory */
typedef struct { uint16_t sum, turn; uint32_t tells_kind; } Tally;

#if defined(__GNUC__)
#define SOON(p) __builtin_prefetch(p)
#else
#define SOON(p) ((void)(p))
#endif

typedef struct {
    PyObject_HEAD
    int ready;                           /* made whole: nothing is asked of one that is not */
    Py_buffer held[48];                  /* the arrays, kept alive */
    int helds;
    int words, names, codes, bones, has_abjad;
    const char *blob[3];                 /* words, keys, bones, one after the other */
    const int32_t *blob_at[3];
    const int32_t *post_at, *posts, *token_at, *tokens, *token_join, *code_word, *bone_word, *name_tells;
    const int16_t *token_tells;
    const uint8_t *token_class, *name_kind, *word_abjad;
    const uint16_t *name_legal;
    const uint32_t *code, *bone, *name_head, *name_said;
    int32_t *code_at, *bone_at;          /* first place of each prefix */
    int code_shift, bone_shift;
    int32_t look, giving;
    int32_t *out;                        /* words a look-up found, some twice */
    int room;
    NearWord *found, *sorted;            /* words accepted */
    Tally *tally;                        /* per name: sum; in which list it was last met */
    int query, turn;                     /* the list before the first of this query; the list that is read */
    int32_t *touched;
    Pattern pattern[3];
    Record *record;                      /* per word */
    void *record_held;
    Kept *memory;                        /* near words of words asked before */
    Rule rule[MAX_RULES];                /* the sounds table, by first letter, the longest first */
    int rule_at[129];
    char *longer;
    Near near[MAX_WORDS], near_join[MAX_WORDS];
    double weights[2][FEATURES + 1];     /* bodies, persons */
    double second_look;
    Forest forest[2];
} Engine;

typedef struct {
    int name, met, lost, ours, theirs, all_ours, all_theirs, pairs, best, plain_ours, plain_theirs, numbers, legal, exact,
        mistaken, initials, words_ours, words_theirs;
} Compared;

typedef struct {
    const char *text[3];                 /* word, sound, consonants */
    int len[3], tells, cls, known;
} Word;

/* A query as it was read; its near words are in the engine. */
typedef struct { Word w[MAX_WORDS]; int join[MAX_WORDS]; int n, joins, legal, kinds; } Query;

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
    Record *r = &e->record[word];
    if (r->given == e->giving) {
        if (r->value < value) r->value = value;
        return;
    }
    r->given = e->giving;
    r->value = value;
    e->found[(*n)++].word = word;
}

/* the words filed under any of the codes, into e->out; words under several codes stand there several times */
static int filed(Engine *e, const uint32_t *codes, const int32_t *words, const int32_t *at, int shift, const uint32_t *asked, int n) {
    int lo[MAX_CODES], count = 0;
    for (int k = 0; k < n; k++) SOON(&at[asked[k] >> shift]);
    for (int k = 0; k < n; k++) {
        lo[k] = at[asked[k] >> shift];
        SOON(&codes[lo[k]]);
        SOON(&words[lo[k]]);
    }
    for (int k = 0; k < n; k++) {
        int i = lo[k], end = at[(asked[k] >> shift) + 1];
        while (i < end && codes[i] < asked[k]) i++;
        for (; i < end && codes[i] == asked[k]; i++) {
            if (count == e->room) {
                int32_t *more = PyMem_RawRealloc(e->out, sizeof(int32_t) * 2 * e->room);
                if (!more) return -1;
                e->out = more;
                e->room *= 2;
            }
            SOON(&e->record[words[i]]);
            e->out[count++] = words[i];
        }
    }
    return count;
}

static int edits(int n) { return n < 3 ? 0 : n < 7 ? 1 : 2; }

/* the codes of a word: itself, and itself with up to `deep` letters left out */
static int codes_of(const char *s, int n, int deep, uint32_t *codes) {
    int count = 0;
    codes[count++] = crc_of(s, n);
    if (n > 14) {
        char part[8];
        memcpy(part, s, 7); part[7] = '<';
        codes[count++] = crc_of(part, 8);
        memcpy(part, s + n - 7, 7); part[7] = '>';
        codes[count++] = crc_of(part, 8);
        if (deep > 1) deep = 1;
    }
    if (!deep) return count;
    uint32_t head = 0xFFFFFFFFu;
    for (int i = 0; i < n; i++) {
        codes[count++] = crc(head, s + i + 1, n - i - 1) ^ 0xFFFFFFFFu;
        if (deep > 1) {
            uint32_t mid = head;
            for (int j = i + 1; j < n; j++) {
                codes[count++] = crc(mid, s + j + 1, n - j - 1) ^ 0xFFFFFFFFu;
                mid = crc(mid, s + j, 1);
            }
        }
        head = crc(head, s + i, 1);
    }
    return count;
}

static int digits(const char *s, int n) {
    for (int i = 0; i < n; i++) if (s[i] < '0' || s[i] > '9') return 0;
    return n > 0;
}

static int before(const NearWord *a, const NearWord *b) { return a->value != b->value ? a->value > b->value : a->word < b->word; }

static int by_likeness(const void *a, const void *b) { return before(b, a) - before(a, b); }

/* the likeliest of e->found, best first: sorted by counting how many there are of each likeness, then by number */
static int likeliest(Engine *e, int n, NearWord *best) {
    int at[EXACT - FAINTEST + 1] = {0};
    for (int k = 0; k < n; k++) {
        e->found[k].value = e->record[e->found[k].word].value;
        at[EXACT - e->found[k].value]++;
    }
    int total = 0, last = 0;
    for (; last <= EXACT - FAINTEST && total < MOST_NEAR; last++) total += at[last];
    int start = 0; /* likenesses under `last` are kept, of the faintest of them perhaps only some */
    for (int v = 0; v < last; v++) {
        int c = at[v];
        at[v] = start;
        start += c;
    }
    NearWord *sorted = e->sorted;
    for (int k = 0; k < n; k++) {
        int v = EXACT - e->found[k].value;
        if (v < last) sorted[at[v]++] = e->found[k];
    }
    if (total > 4 * MOST_NEAR) qsort(sorted, total, sizeof *sorted, by_likeness);
    else for (int k = 1; k < total; k++) { /* equals stand together already */
        NearWord x = sorted[k];
        int p = k;
        while (p && before(&x, &sorted[p - 1])) { sorted[p] = sorted[p - 1]; p--; }
        sorted[p] = x;
    }
    int kept = min2(total, MOST_NEAR);
    memcpy(best, sorted, kept * sizeof *best);
    return kept;
}

static unsigned slot_of(int word) { return (uint32_t)word * 2654435769u >> 24; }

static int look_up(Engine *e, const char *const *text, const int *len, int joined, int *n) {
    uint32_t codes[MAX_CODES];
    int asked = codes_of(text[1], len[1], joined ? 0 : edits(len[1]), codes);
    if (!joined && len[0] > 3) asked += codes_of(text[0], len[0], 1, codes + asked);
    int count = filed(e, e->code, e->code_word, e->code_at, e->code_shift, codes, asked);
    if (count <= 0) return count;
    Pattern *p = e->pattern;
    for (int k = 0; k < 3; k++) lay(&p[k], text[k], len[k]);
    e->look++;
    for (int k = 0; k < count; k++) {
        int w = e->out[k];
        if (k + 8 < count) SOON(&e->record[e->out[k + 8]]);
        Record *r = &e->record[w];
        if (r->looked == e->look) continue;
        r->looked = e->look;
        int lw = r->len[0], lk = r->len[1], lb = r->len[2];
        int longest = max2(len[0], lw), longest_key = max2(max2(len[1], lk), 1), longest_bone = max2(max2(len[2], lb), 1);
        int left = EXACT - NEAR - (BY_SPELLING * at_least(&p[0], r->letters[0], lw)) / longest;
        if (left < 0) continue;
        int by_key = (BY_SOUND * at_least(&p[1], r->letters[1], lk)) / longest_key;
        if (left < by_key) continue;
        int by_bone = (BY_CONSONANTS * at_least(&p[2], r->letters[2], lb)) / longest_bone;
        if (left < by_key + by_bone) continue;
        const char *t = r->at < 0 ? r->text : e->longer + r->at;
        int spelt = osa(&p[0], t, lw);
        if (!spelt) { give(e, n, w, EXACT); continue; }
        left = EXACT - NEAR - (BY_SPELLING * spelt) / longest;
        if (left < by_key + by_bone) continue;
        int heard = osa(&p[1], t + lw, lk);
        if (joined && heard) continue;
        left -= (BY_SOUND * heard) / longest_key;
        if (left < by_bone) continue;
        left -= (BY_CONSONANTS * osa(&p[2], t + lw + lk, lb)) / longest_bone;
        if (left >= 0) give(e, n, w, NEAR + left);
    }
    for (int k = 0; k < 3; k++) clear(&p[k]);
    return count;
}

/* the place where the near words of a word are kept, or would be */
static Kept *kept_at(Engine *e, const char *text, int len, int how) { return &e->memory[(crc_of(text, len) ^ (uint32_t)how * 2654435769u) % KEPT]; }

static void copy(Near *to, const Near *from) {
    memcpy(to->best, from->best, from->n * sizeof *from->best);
    memcpy(to->from, from->from, from->n * sizeof *from->from);
    memcpy(to->to, from->to, from->n * sizeof *from->to);
    memcpy(to->slot, from->slot, sizeof from->slot);
    to->n = from->n;
    to->length = from->length;
}

/* the near words of a word looked up before, if they are still kept */
static int kept(Engine *e, const char *text, int len, int how, Near *near) {
    const Kept *at = kept_at(e, text, len, how);
    if (at->how != how || at->len != len || memcmp(at->text, text, len)) return 0;
    copy(near, &at->near);
    return 1;
}

static int near_words(Engine *e, const char *const *text, const int *len, int exact, int how, const int32_t *family, int families, Near *near) {
    int n = 0, joined = how & JOINED_WORD, abjad = !!(how & ABJAD_WORD);
    if (kept(e, text[0], len[0], how, near)) return 0;
    e->giving++;
    if (digits(text[0], len[0]) || len[0] < 2) {
        if (exact >= 0) give(e, &n, exact, EXACT);
    } else {
        int count = look_up(e, text, len, joined, &n);
        if (count < 0) return -1;
        if (!count && exact >= 0) give(e, &n, exact, EXACT);
    }
    if (!joined) {
        for (int k = 0; k < families; k++) give(e, &n, family[k], SAME_FAMILY);
        if ((abjad || e->has_abjad) && len[2] >= 2) {
            uint32_t code = crc_of(text[2], len[2]);
            int count = filed(e, e->bone, e->bone_word, e->bone_at, e->bone_shift, &code, 1);
            if (count < 0) return -1;
            for (int k = 0; k < count; k++) {
                int w = e->out[k], lb;
                if (e->word_abjad[w] == abjad) continue;
                const char *tb = text_of(e, 2, w, &lb);
                if (lb == len[2] && !memcmp(tb, text[2], lb)) give(e, &n, w, len[2] > 2 ? SAME_SKELETON : SAME_SKELETON - 60);
            }
        }
    }
    near->n = likeliest(e, n, near->best);
    memset(near->slot, 0, sizeof near->slot);
    near->length = 0;
    for (int k = 0; k < near->n; k++) {
        int w = near->best[k].word;
        unsigned s = slot_of(w);
        while (near->slot[s]) s = (s + 1) % SLOTS;
        near->slot[s] = (uint8_t)(k + 1);
        near->from[k] = e->post_at[w];
        near->to[k] = e->post_at[w + 1];
        near->length += near->to[k] - near->from[k];
    }
    Kept *keep = kept_at(e, text[0], len[0], how);
    memcpy(keep->text, text[0], len[0]);
    keep->len = (uint8_t)len[0];
    keep->how = (uint8_t)how;
    copy(&keep->near, near);
    return 0;
}

static int likeness(const Near *near, int word) {
    for (unsigned s = slot_of(word); near->slot[s]; s = (s + 1) % SLOTS) {
        const NearWord *found = &near->best[near->slot[s] - 1];
        if (found->word == word) return found->value;
    }
    return 0;
}

/* the names a word's near words occur in, each counted with the likest; with `known_only` no name is met anew */
static void read_posts(Engine *e, const Near *near, int tells, int join, int known_only, int *touched) {
    int turn = ++e->turn;
    int ahead = 0; /* what is read soon is fetched before: 16 names, across the ends of lists */
    int32_t next = near->n ? near->from[0] : 0;
    for (int k = 0; k < near->n && k < 32; k++) SOON(&e->posts[near->from[k]]);
    for (int k = 0, lead = 0; k < near->n; k++) {
        int value = (int)((int64_t)tells * near->best[k].value / 1000);
        if (k + 32 < near->n) SOON(&e->posts[near->from[k + 32]]);
        for (int32_t p = near->from[k]; p < near->to[k]; p++, lead--) {
            int name = e->posts[p];
            for (; lead < 16; lead++) {
                while (ahead < near->n && next >= near->to[ahead]) next = ++ahead < near->n ? near->from[ahead] : 0;
                if (ahead >= near->n) break;
                SOON(&e->tally[e->posts[next++]]);
            }
            Tally *t = &e->tally[name];
            if (t->turn == turn) continue;
            if (t->turn <= e->query) {
                if (known_only) continue;
                t->sum = 0;
                e->touched[(*touched)++] = name;
            }
            t->turn = (uint16_t)turn;
            if (!join) t->sum = (uint16_t)(t->sum + value);
            else if (t->sum < value) t->sum = (uint16_t)value;
        }
    }
}

/* the same for few names already met: each is asked for the word, instead of the word for its names */
static void ask_names(Engine *e, const Near *near, int tells, int touched) {
    for (int k = 0; k < touched; k++) {
        int name = e->touched[k], start = e->token_at[name], end = e->token_at[name + 1], best = 0, small = 0;
        if (k + 8 < touched) SOON(&e->tokens[e->token_at[e->touched[k + 8]]]);
        for (int j = start; j < end; j++) {
            if (e->token_class[j] == PARTICLE || e->token_class[j] == TITLE) small++;
            else best = max2(best, likeness(near, e->tokens[j]));
            if (e->token_join[j] >= 0) best = max2(best, likeness(near, e->token_join[j]));
        }
        for (int j = start; j < end && small == end - start; j++) best = max2(best, likeness(near, e->tokens[j]));
        if (best) e->tally[name].sum = (uint16_t)(e->tally[name].sum + tells * best / 1000);
    }
}

/* The names worth comparing word by word, by the share of information that meets. Words are read from the rarest on; once
 * the words left cannot make a name worth comparing by themselves, only names already met are counted further. */
static int candidates(Engine *e, const Query *q, int32_t *out) {
    const Word *w = q->w;
    const Near *near = e->near;
    int n = q->n;
    int order[MAX_WORDS], left[MAX_WORDS + 1], words = 0, touched = 0, read = 0, only_small = 1, all_ours = 0;
    for (int i = 0; i < n; i++) {
        all_ours += w[i].tells;
        if (w[i].cls != PARTICLE && w[i].cls != TITLE) only_small = 0;
    }
    for (int i = 0; i < n; i++) {
        if (!near[i].length || ((w[i].cls == PARTICLE || w[i].cls == TITLE) && !only_small)) continue;
        int k = words++;
        while (k && near[order[k - 1]].length > near[i].length) { order[k] = order[k - 1]; k--; }
        order[k] = i;
    }
    left[words] = 0;
    for (int k = words - 1; k >= 0; k--) left[k] = left[k + 1] + (int)((int64_t)w[order[k]].tells * near[order[k]].best[0].value / 1000);
    e->query = e->turn;
    for (int k = 0; k < words; k++) {
        int i = order[k], known_only = (int64_t)left[k] * 1000 < (int64_t)(3 * all_ours / 5 + 1) * COARSE;
        if (read && read + near[i].length > POSTS) break;
        read += near[i].length;
        if (known_only && touched < near[i].length / 4) ask_names(e, &near[i], w[i].tells, touched);
        else read_posts(e, &near[i], w[i].tells, 0, known_only, &touched);
    }
    for (int k = 0; k < q->joins; k++) {
        int i = q->join[k];
        read_posts(e, &e->near_join[k], w[i].tells + w[i + 1].tells, 1, 0, &touched);
    }
    uint64_t heap[COMPARED];
    int size = 0;
    for (int k = 0; k < touched; k++) {
        int name = e->touched[k];
        if (k + 8 < touched) SOON(&e->tally[e->touched[k + 8]]);
        const Tally *t = &e->tally[name];
        if (!(t->tells_kind & 7 & q->kinds)) continue;
        int of = (3 * all_ours + 2 * (int)(t->tells_kind >> 3)) / 5 + 1;
        if ((int64_t)t->sum * 1000 < (int64_t)of * COARSE) continue;
        int share = (int)((int64_t)t->sum * 1000 / of);
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

static int pair_before(const Pair *p, const Pair *q) {
    return p->value != q->value ? p->value < q->value : p->a != q->a ? p->a < q->a : p->b < q->b;
}

static int by_pair(const void *x, const void *y) { return pair_before(y, x) - pair_before(x, y); }

static void sort_pairs(Pair *pairs, int count) {
    if (count > 24) { qsort(pairs, count, sizeof *pairs, by_pair); return; }
    for (int k = 1; k < count; k++) {
        Pair x = pairs[k];
        int p = k;
        while (p && pair_before(&x, &pairs[p - 1])) { pairs[p] = pairs[p - 1]; p--; }
        pairs[p] = x;
    }
}

static int lowest(uint32_t m) { int i = 0; while (!(m >> i & 1)) i++; return i; }

/* Lays a name's words beside the query's, the likest first; the pairs taken are left in `pairs`, as many as returned. */
static int compare(Engine *e, const Query *q, int name, Compared *c, Pair *pairs) {
    const Word *w = q->w;
    const Near *near = e->near;
    int n = q->n, legal = q->legal, count = 0, taken = 0;
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
    for (int k = 0; k < q->joins; k++)
        for (int j = 0; j < m; j++) {
            int value = likeness(&e->near_join[k], theirs[j]);
            if (value) pairs[count++] = (Pair){JOINED - value, 3u << q->join[k], 1u << j};
        }
    sort_pairs(pairs, count);
    memset(c, 0, sizeof *c);
    c->name = name;
    c->words_ours = n;
    c->words_theirs = m;
    uint32_t used_ours = 0, used_theirs = 0;
    for (int k = 0; k < count; k++) {
        uint32_t a = pairs[k].a, b = pairs[k].b;
        int value = pairs[k].value;
        if (used_ours & a || used_theirs & b) continue;
        used_ours |= a;
        used_theirs |= b;
        pairs[taken++] = (Pair){value, a, b};
        int i = lowest(a), j = lowest(b);
        int mine = w[i].tells, thine = tells[j];
        if (a != 1u << i) mine += w[i + 1].tells;
        if (b != 1u << j) thine += tells[j + 1];
        int told = min2(mine, thine);
        int gone = min2(told, (int)((int64_t)told * (EXACT + value) * (EXACT + value) / LOST_ALL));
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
    return taken;
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

static int read_word(Engine *e, PyObject *t, Word *w, int how, Near *near) {
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
    if (near_words(e, w->text, w->len, exact, how, ids, families, near) < 0) { PyErr_NoMemory(); return -1; }
    return 0;
}

static PyObject *in_full(const Compared *c) {
    return Py_BuildValue("(iiiiiiiiiiiiiiiiii)", c->name, c->met, c->lost, c->ours, c->theirs, c->all_ours, c->all_theirs, c->pairs, c->best,
                         c->plain_ours, c->plain_theirs, c->numbers, c->legal, c->exact, c->mistaken, c->initials, c->words_ours, c->words_theirs);
}

/* how a word sounds, into `key`: the rules of the sounds table, the longest first at each place, no letter twice running */
static int sound_of(const Engine *e, const char *s, int n, char *key) {
    char word[MAX_WORD + 1];
    if (n > 1 && s[0] == 'x' && (s[1] == 'a' || s[1] == 'e' || s[1] == 'o')) { /* no pinyin: the letter stands for a rough h */
        word[0] = 'k';
        word[1] = 'h';
        memcpy(word + 2, s + 1, n - 1);
        s = word;
        n++;
    }
    int length = 0;
    for (int i = 0; i < n;) {
        const Rule *found = NULL;
        for (int r = e->rule_at[(uint8_t)s[i] & 127]; r < e->rule_at[((uint8_t)s[i] & 127) + 1] && !found; r++)
            if (e->rule[r].len <= n - i && !memcmp(e->rule[r].from, s + i, e->rule[r].len)) found = &e->rule[r];
        const char *to = found ? found->to : s + i;
        int m = found ? found->to_len : 1;
        for (int k = 0; k < m; k++)
            if ((!length || key[length - 1] != to[k]) && length < MAX_SOUND) key[length++] = to[k];
        i += found ? found->len : 1;
    }
    return length;
}

/* its consonants, as a script without vowels writes them */
static int skeleton_of(const char *key, int n, char *bone) {
    int length = 0;
    for (int i = 0; i < n; i++) {
        char c = key[i] == 'v' ? 'u' : key[i] == 'j' ? 'i' : key[i];
        if (c != 'a' && c != 'i' && c != 'u') bone[length++] = c;
    }
    return length;
}

static int read_raw(PyObject *raw, int n, const char **text, int *len) {
    if (!PyTuple_Check(raw) || PyTuple_GET_SIZE(raw) != n) { PyErr_SetString(PyExc_TypeError, "raw words are as many as words"); return -1; }
    for (int i = 0; i < n; i++) {
        Py_ssize_t size;
        text[i] = PyUnicode_AsUTF8AndSize(PyTuple_GET_ITEM(raw, i), &size);
        if (!text[i]) return -1;
        if (size > LONGEST_WORD) { PyErr_SetString(PyExc_ValueError, "a word is too long"); return -1; }
        len[i] = (int)size;
    }
    return 0;
}

/* the words that two neighbours make when written as one, where the index has words of their sound */
static int read_joins(Engine *e, PyObject *raw, Query *q, int how) {
    const char *text[MAX_WORDS];
    int len[MAX_WORDS];
    q->joins = 0;
    if (read_raw(raw, q->n, text, len) < 0) return -1;
    for (int i = 0; i + 1 < q->n; i++) {
        int a = q->w[i].cls, b = q->w[i + 1].cls;
        if (a == NUMBER || b == NUMBER || len[i] + len[i + 1] < 5 || (a == PARTICLE && b == PARTICLE)) continue;
        char word[LONGEST_WORD], key[MAX_SOUND], bone[MAX_SOUND];
        int n = min2(len[i] + len[i + 1], LONGEST_WORD), head = min2(len[i], n);
        memcpy(word, text[i], head);
        memcpy(word + head, text[i + 1], n - head);
        const char *one[3] = {word, key, bone};
        int lens[3] = {n, 0, 0};
        Near *near = &e->near_join[q->joins];
        if (!kept(e, word, n, how | JOINED_WORD, near)) {
            lens[1] = sound_of(e, word, n, key);
            if (!lens[1]) memcpy(key, word, lens[1] = n);
            lens[2] = skeleton_of(key, lens[1], bone);
            if (near_words(e, one, lens, -1, how | JOINED_WORD, NULL, 0, near) < 0) { PyErr_NoMemory(); return -1; }
        }
        if (near->length) q->join[q->joins++] = i;
    }
    return 0;
}

/* reads (words, raw words, legal, kinds, abjad) and looks up the near words of each */
static int read_query(Engine *e, PyObject *asked, Query *q) {
    PyObject *words, *raw;
    int abjad;
    if (!e->ready) { PyErr_SetString(PyExc_RuntimeError, "the engine was not made whole"); return -1; }
    if (!PyArg_ParseTuple(asked, "O!O!iii", &PyList_Type, &words, &PyTuple_Type, &raw, &q->legal, &q->kinds, &abjad)) return -1;
    int how = ASKED | (abjad ? ABJAD_WORD : 0) | (q->kinds == PERSON ? PERSON_WORD : 0);
    q->n = (int)PyList_GET_SIZE(words);
    if (q->n > MAX_WORDS) { PyErr_SetString(PyExc_ValueError, "too many words"); return -1; }
    if (e->turn > 65000) { /* the stamps of names begin again */
        for (int i = 0; i < e->names; i++) e->tally[i].turn = 0;
        e->turn = 0;
    }
    if (e->giving > 2000000000) { /* those of words */
        for (int i = 0; i < e->words; i++) e->record[i].looked = e->record[i].given = 0;
        e->look = e->giving = 0;
    }
    for (int i = 0; i < q->n; i++)
        if (read_word(e, PyList_GET_ITEM(words, i), &q->w[i], how, &e->near[i]) < 0) return -1;
    return read_joins(e, raw, q, how);
}

/* the sum of a forest's trees, in millionths; what they ask about stands in the order of trees.py */
static int64_t told(const Engine *e, const Compared *c, int person) {
    int kept = c->met - c->lost;
    int32_t asked[COUNTED] = {
        kept, c->met ? c->lost * 1000 / c->met : 1000, c->ours, c->ours ? c->ours * 1000 / (kept + c->ours) : 0,
        c->theirs, c->theirs ? c->theirs * 1000 / (kept + c->theirs) : 0, c->best, c->pairs, c->exact, c->plain_ours,
        c->plain_theirs, c->mistaken, c->initials, c->legal == 1, c->legal == 3, c->numbers == 1,
        !c->ours && !c->theirs && !c->lost, c->all_ours, c->all_theirs,
        c->words_ours, c->words_theirs,
    };
    int64_t total = 0;
    const Forest *f = &e->forest[person];
    for (int t = 0; t < f->trees; t++) {
        int at = f->roots[t];
        while (f->feature[at] >= 0) at = asked[f->feature[at]] <= f->most[at] ? at + 1 : f->no[at];
        total += f->value[at];
    }
    return total;
}

/* the log-odds of a match by name alone: of the first look, or of the trees where it is worth a second */
static double weighed(const Engine *e, const Query *q, const Compared *c) {
    int person = q->kinds == PERSON || e->name_kind[c->name] == PERSON;
    double first = log_odds(c, e->weights[person]);
    if (first < e->second_look) return first;
    return (double)told(e, c, person) / UNIT + (c->numbers == 2 ? e->weights[person][1 + NUMBER_DIFFERS] : 0.0);
}

PyDoc_STRVAR(match_doc, "match((words, raw words, legal, kinds, abjad), least, said, head) -> ([(log-odds, name), ...], [name, ...])\n\n"
"words: (word, sound, consonants, number or -1, tells, class, known, family numbers); raw words: as they\n"
"stood before generic ones were given their common form. The names of `least` log-odds or more, and those of the words\n"
"that have the number `said`; and, of all compared, those that begin as `head` (0: none).");

static int append(PyObject *list, PyObject *one) {
    int done = one ? PyList_Append(list, one) : -1;
    Py_XDECREF(one);
    return done;
}

static PyObject *engine_match(PyObject *self, PyObject *args) {
    Engine *e = (Engine *)self;
    PyObject *asked;
    Query q;
    double least;
    unsigned int said, head;
    if (!PyArg_ParseTuple(args, "O!dII", &PyTuple_Type, &asked, &least, &said, &head) || read_query(e, asked, &q) < 0) return NULL;
    int32_t names[COMPARED];
    int found = candidates(e, &q, names);
    PyObject *kept = PyList_New(0), *heads = PyList_New(0);
    if (!kept || !heads) goto failed;
    for (int k = 0; k < found; k++) {
        Compared c;
        Pair pairs[MAX_PAIRS];
        compare(e, &q, names[k], &c, pairs);
        double odds = weighed(e, &q, &c);
        if ((odds >= least || e->name_said[names[k]] == said) && append(kept, Py_BuildValue("di", odds, names[k])) < 0) goto failed;
        if (head && e->name_head[names[k]] == head && append(heads, PyLong_FromLong(names[k])) < 0) goto failed;
    }
    return Py_BuildValue("NN", kept, heads);
failed:
    Py_XDECREF(kept);
    Py_XDECREF(heads);
    return NULL;
}

PyDoc_STRVAR(compared_doc, "compared((words, raw words, legal, kinds, abjad)) -> [(log-odds, comparison), ...] of every name that is compared");

static PyObject *engine_compared(PyObject *self, PyObject *asked) {
    Engine *e = (Engine *)self;
    Query q;
    if (!PyTuple_Check(asked)) { PyErr_SetString(PyExc_TypeError, "a query is a tuple"); return NULL; }
    if (read_query(e, asked, &q) < 0) return NULL;
    int32_t names[COMPARED];
    int found = candidates(e, &q, names);
    PyObject *answer = PyList_New(0);
    for (int k = 0; answer && k < found; k++) {
        Compared c;
        Pair pairs[MAX_PAIRS];
        compare(e, &q, names[k], &c, pairs);
        if (append(answer, Py_BuildValue("dN", weighed(e, &q, &c), in_full(&c))) < 0) Py_CLEAR(answer);
    }
    return answer;
}

PyDoc_STRVAR(laid_doc, "laid((words, raw words, legal, kinds, abjad), name) -> (comparison, [(ours, theirs, likeness), ...])\n\n"
"One name beside the query; the words that met, as bit masks.");

static PyObject *engine_laid(PyObject *self, PyObject *args) {
    Engine *e = (Engine *)self;
    PyObject *asked;
    Query q;
    int name;
    if (!PyArg_ParseTuple(args, "O!i", &PyTuple_Type, &asked, &name) || read_query(e, asked, &q) < 0) return NULL;
    if (name < 0 || name >= e->names) { PyErr_SetString(PyExc_IndexError, "no such name"); return NULL; }
    Compared c;
    Pair pairs[MAX_PAIRS];
    int taken = compare(e, &q, name, &c, pairs);
    PyObject *met = PyList_New(0);
    for (int k = 0; met && k < taken; k++)
        if (append(met, Py_BuildValue("IIi", pairs[k].a, pairs[k].b, -pairs[k].value)) < 0) Py_CLEAR(met);
    return !met ? NULL : Py_BuildValue("NN", in_full(&c), met);
}

PyDoc_STRVAR(shares_doc, "shares(person, counted) -> (start, [change by each question])\n\nWhat a sum of trees comes from, as trees.shares.");

static PyObject *engine_shares(PyObject *self, PyObject *args) {
    Engine *e = (Engine *)self;
    PyObject *row;
    int person;
    if (!PyArg_ParseTuple(args, "pO!", &person, &PyTuple_Type, &row)) return NULL;
    if (!e->ready || PyTuple_GET_SIZE(row) != COUNTED) { PyErr_SetString(PyExc_ValueError, "another number of counts"); return NULL; }
    int32_t asked[COUNTED];
    int64_t start = 0, change[COUNTED] = {0};
    for (int k = 0; k < COUNTED; k++) asked[k] = (int32_t)number(row, k);
    if (PyErr_Occurred()) return NULL;
    const Forest *f = &e->forest[person];
    for (int t = 0; t < f->trees; t++) {
        int at = f->roots[t];
        start += f->value[at];
        while (f->feature[at] >= 0) {
            int after = asked[f->feature[at]] <= f->most[at] ? at + 1 : f->no[at];
            change[f->feature[at]] += f->value[after] - f->value[at];
            at = after;
        }
    }
    PyObject *told = PyList_New(0);
    for (int k = 0; told && k < COUNTED; k++)
        if (append(told, PyLong_FromLongLong(change[k])) < 0) Py_CLEAR(told);
    return !told ? NULL : Py_BuildValue("LN", (long long)start, told);
}

static const void *hold_one(Engine *e, PyObject *array, const char *name, int size, int *length) {
    Py_buffer *b = &e->held[e->helds];
    if (PyObject_GetBuffer(array, b, PyBUF_SIMPLE) < 0) return NULL;
    e->helds++;
    if (b->len % size) { PyErr_Format(PyExc_ValueError, "%s has another width", name); return NULL; }
    if (length) *length = (int)(b->len / size);
    return b->buf;
}

static const void *hold(Engine *e, PyObject *arrays, const char *name, int size, int *length) {
    PyObject *array = PyDict_GetItemString(arrays, name);
    if (!array) { PyErr_Format(PyExc_KeyError, "%s", name); return NULL; }
    return hold_one(e, array, name, size, length);
}

/* where the codes of each prefix begin; prefixes as long as leaves a handful of codes to each */
static int32_t *prefixes(const uint32_t *codes, int n, int *shift) {
    int bits = 8;
    while (bits < 22 && (4 << bits) < n) bits++;
    *shift = 32 - bits;
    int32_t *at = PyMem_RawMalloc(sizeof(int32_t) * ((1 << bits) + 1));
    if (!at) return NULL;
    int i = 0;
    for (int p = 0; p < 1 << bits; p++) {
        while (i < n && (int)(codes[i] >> *shift) < p) i++;
        at[p] = i;
    }
    at[1 << bits] = n;
    return at;
}

/* the records of all words, each in one line of the cache; texts too long for it go to `longer` */
static int make_records(Engine *e) {
    e->record_held = PyMem_RawCalloc(e->words + 1, sizeof(Record));
    if (!e->record_held) return -1;
    e->record = (Record *)(((uintptr_t)e->record_held + sizeof(Record) - 1) & ~(uintptr_t)(sizeof(Record) - 1));
    int longer = 1;
    for (int w = 0; w < e->words; w++) {
        Record *r = &e->record[w];
        int all = 0;
        for (int k = 0; k < 3; k++) {
            int len;
            const char *t = text_of(e, k, w, &len);
            r->letters[k] = letters_of(t, len);
            r->len[k] = (uint8_t)len;
            if (all + len <= INLINE) memcpy(r->text + all, t, len);
            all += len;
        }
        r->at = -1;
        if (all > INLINE) { r->at = longer; longer += all; }
    }
    e->longer = PyMem_RawMalloc(longer);
    if (!e->longer) return -1;
    for (int w = 0; w < e->words; w++) {
        char *to = e->longer + e->record[w].at;
        for (int k = 0; k < 3 && e->record[w].at > 0; k++) {
            int len;
            const char *t = text_of(e, k, w, &len);
            memcpy(to, t, len);
            to += len;
        }
    }
    return 0;
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
    enum { POST_AT, POSTS_, TOKEN_AT, TOKENS, TELLS, CLASS, JOIN, KIND, LEGAL, NAME_TELLS, ABJAD, CODE, CODE_WORD, BONE, BONE_WORD, HEAD, SAID };
    e->words = n[ABJAD];
    e->names = n[KIND];
    e->codes = n[CODE];
    e->bones = n[BONE];
    int ok = e->words > 0 && e->names > 0 && offsets_hold(e->post_at, e->words, n[POST_AT], n[POSTS_]) && offsets_hold(e->token_at, e->names, n[TOKEN_AT], n[TOKENS])
        && n[TELLS] == n[TOKENS] && n[CLASS] == n[TOKENS] && n[JOIN] == n[TOKENS] && n[LEGAL] == e->names && n[NAME_TELLS] == e->names && n[HEAD] == e->names && n[SAID] == e->names
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

/* a node's yes follows it and its no comes later, so that every walk ends */
static int read_forests(Engine *e, PyObject *forests) {
    for (int p = 0; p < 2; p++) {
        PyObject *one = PyTuple_GET_SIZE(forests) == 2 ? PyTuple_GET_ITEM(forests, p) : NULL;
        Forest *f = &e->forest[p];
        int n[5];
        const int32_t **part[5] = {&f->roots, &f->feature, &f->most, &f->no, &f->value};
        if (!one || !PyTuple_Check(one) || PyTuple_GET_SIZE(one) != 5) { PyErr_SetString(PyExc_ValueError, "a forest is five arrays"); return -1; }
        for (int k = 0; k < 5; k++) if (!(*part[k] = hold_one(e, PyTuple_GET_ITEM(one, k), "a forest", 4, &n[k]))) return -1;
        f->trees = n[0];
        int ok = n[2] == n[1] && n[3] == n[1] && n[4] == n[1] && numbers_hold(f->roots, n[0], 0, n[1]) && numbers_hold(f->feature, n[1], -1, COUNTED);
        for (int k = 0; ok && k < n[1]; k++) ok = f->feature[k] < 0 || (f->no[k] > k && f->no[k] < n[1] && k + 1 < n[1]);
        if (!ok) { PyErr_SetString(PyExc_ValueError, "the trees do not fit together"); return -1; }
    }
    return 0;
}

static int by_letter(const void *x, const void *y) {
    const Rule *a = x, *b = y;
    return a->from[0] != b->from[0] ? a->from[0] - b->from[0] : b->len - a->len;
}

static int read_rules(Engine *e, PyObject *sounds) {
    PyObject *from, *to;
    Py_ssize_t at = 0;
    int n = 0;
    while (PyDict_Next(sounds, &at, &from, &to)) {
        Py_ssize_t length, to_length;
        const char *a = PyUnicode_AsUTF8AndSize(from, &length), *b = PyUnicode_AsUTF8AndSize(to, &to_length);
        if (!a || !b) return -1;
        if (n == MAX_RULES || !length || length > 8 || to_length > 8 || (a[0] & 128)) { PyErr_SetString(PyExc_ValueError, "no rule of sound"); return -1; }
        Rule *r = &e->rule[n++];
        memcpy(r->from, a, length);
        memcpy(r->to, b, to_length);
        r->len = (uint8_t)length;
        r->to_len = (uint8_t)to_length;
    }
    qsort(e->rule, n, sizeof *e->rule, by_letter);
    for (int c = 0, r = 0; c <= 128; c++) {
        while (r < n && e->rule[r].from[0] < c) r++;
        e->rule_at[c] = r;
    }
    return 0;
}

static int engine_init(PyObject *self, PyObject *args, PyObject *kwargs) {
    static const char *NAMES[] = {"post_at", "posts", "token_at", "tokens", "token_tells", "token_class", "token_join", "name_kind", "name_legal",
                                  "name_tells", "word_abjad", "code", "code_word", "bone", "bone_word", "name_head", "name_said"};
    static const int SIZES[] = {4, 4, 4, 4, 2, 1, 4, 1, 2, 4, 1, 4, 4, 4, 4, 4, 4};
    static const char *BLOBS[] = {"blob0", "blob1", "blob2"}, *ATS[] = {"blob_at0", "blob_at1", "blob_at2"};
    Engine *e = (Engine *)self;
    PyObject *arrays, *bodies, *persons, *forests, *sounds;
    (void)kwargs;
    if (e->helds) { PyErr_SetString(PyExc_RuntimeError, "an engine is made once"); return -1; }
    if (!PyArg_ParseTuple(args, "O!O!O!dO!O!", &PyDict_Type, &arrays, &PyTuple_Type, &bodies, &PyTuple_Type, &persons, &e->second_look, &PyTuple_Type, &forests, &PyDict_Type, &sounds)) return -1;
    if (read_rules(e, sounds) < 0) return -1;
    const void *at[17];
    int n[17], blob_n[3], blob_at_n[3];
    for (int k = 0; k < 17; k++) if (!(at[k] = hold(e, arrays, NAMES[k], SIZES[k], &n[k]))) return -1;
    for (int k = 0; k < 3; k++) {
        if (!(e->blob[k] = hold(e, arrays, BLOBS[k], 1, &blob_n[k]))) return -1;
        if (!(e->blob_at[k] = hold(e, arrays, ATS[k], 4, &blob_at_n[k]))) return -1;
    }
    e->post_at = at[0]; e->posts = at[1]; e->token_at = at[2]; e->tokens = at[3]; e->token_tells = at[4]; e->token_class = at[5];
    e->token_join = at[6]; e->name_kind = at[7]; e->name_legal = at[8]; e->name_tells = at[9]; e->word_abjad = at[10];
    e->code = at[11]; e->code_word = at[12]; e->bone = at[13]; e->bone_word = at[14]; e->name_head = at[15]; e->name_said = at[16];
    if (check(e, n, blob_n, blob_at_n) < 0) return -1;
    for (int i = 0; i < e->words; i++) e->has_abjad |= e->word_abjad[i];
    PyObject *rows[2] = {bodies, persons};
    for (int p = 0; p < 2; p++) {
        if (PyTuple_GET_SIZE(rows[p]) != FEATURES + 1) { PyErr_SetString(PyExc_ValueError, "another number of weights"); return -1; }
        for (int k = 0; k <= FEATURES; k++) e->weights[p][k] = PyFloat_AsDouble(PyTuple_GET_ITEM(rows[p], k));
    }
    if (PyErr_Occurred() || read_forests(e, forests) < 0) return -1;
    e->code_at = prefixes(e->code, e->codes, &e->code_shift);
    e->bone_at = prefixes(e->bone, e->bones, &e->bone_shift);
    e->room = 4096;
    e->out = PyMem_RawMalloc(sizeof(int32_t) * e->room);
    e->found = PyMem_RawCalloc(e->words, sizeof(NearWord));
    e->sorted = PyMem_RawCalloc(e->words, sizeof(NearWord));
    e->memory = PyMem_RawCalloc(KEPT, sizeof(Kept));
    e->tally = PyMem_RawCalloc(e->names, sizeof(Tally));
    e->touched = PyMem_RawCalloc(e->names, sizeof(int32_t));
    if (!e->code_at || !e->bone_at || !e->out || !e->found || !e->sorted || !e->memory || !e->tally || !e->touched || make_records(e) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    for (int i = 0; i < e->names; i++) e->tally[i].tells_kind = (uint32_t)e->name_tells[i] * 8 + (e->name_kind[i] & 7);
    e->ready = 1;
    return 0;
}

static void engine_dealloc(PyObject *self) {
    Engine *e = (Engine *)self;
    for (int k = 0; k < e->helds; k++) PyBuffer_Release(&e->held[k]);
    void *owned[] = {e->code_at, e->bone_at, e->out, e->found, e->sorted, e->tally, e->touched, e->record_held, e->longer, e->memory};
    for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) PyMem_RawFree(owned[k]);
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef engine_methods[] = {{"match", engine_match, METH_VARARGS, match_doc},
    {"compared", engine_compared, METH_O, compared_doc}, {"laid", engine_laid, METH_VARARGS, laid_doc},
    {"shares", engine_shares, METH_VARARGS, shares_doc}, {NULL, NULL, 0, NULL}};

static PyTypeObject EngineType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "enduse.screen._fast.Engine",
    .tp_doc = PyDoc_STR("Engine(arrays, weights of bodies, weights of persons, log-odds from which trees are asked, trees of both, rules of sound): the matcher over the arrays of an index."),
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
