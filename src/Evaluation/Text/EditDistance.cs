namespace DiffusionBatch.Evaluation.Text;

/// <summary>
/// Levenshtein's distance: the fewest insertions, deletions and substitutions that make one sequence of the other. 64 cells of
/// a column are computed at once (Myers 1999, with Hyyrö's treatment of several words).
/// </summary>
internal sealed class EditDistance
{
    readonly PositionMasks _masks = new();
    ulong[] _rises = [];
    ulong[] _falls = [];

    /// <summary>The distance of two sequences of numbers from 0.</summary>
    public int Of(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        if (first.IsEmpty || second.IsEmpty) return Math.Max(first.Length, second.Length);
        _masks.Read(first);
        int words = _masks.Words, distance = first.Length;
        if (_rises.Length < words) (_rises, _falls) = (new ulong[2 * words], new ulong[2 * words]);
        Array.Fill(_rises, ulong.MaxValue, 0, words);
        Array.Clear(_falls, 0, words);
        ulong last = 1UL << ((first.Length - 1) % 64);
        foreach (int symbol in second)
        {
            var equal = _masks[symbol];
            ulong rise = 1, fall = 0; // along the row above: the distance from nothing grows by 1 a column
            for (int w = 0; w < words; w++)
            {
                ulong match = equal[w], up = _rises[w], down = _falls[w];
                ulong vertical = match | down;
                match |= fall;
                ulong horizontal = (((match & up) + up) ^ up) | match;
                ulong risen = down | ~(horizontal | up), fallen = up & horizontal;
                ulong top = w == words - 1 ? last : 1UL << 63;
                ulong nextRise = (risen & top) != 0 ? 1UL : 0, nextFall = (fallen & top) != 0 ? 1UL : 0;
                risen = (risen << 1) | rise;
                fallen = (fallen << 1) | fall;
                _rises[w] = fallen | ~(vertical | risen);
                _falls[w] = risen & vertical;
                (rise, fall) = (nextRise, nextFall);
            }
            distance += (int)rise - (int)fall;
        }
        return distance;
    }
}
