using System.Runtime.InteropServices;

namespace DiffusionBatch.Evaluation.Translation;

/// <summary>
/// The edits that make a reference of a hypothesis, as Tercom and sacreBLEU search for them: the shift of a run of words that
/// saves the most edits is made, again and again while one saves any; the shifts and the edit distance that is left add up.
/// </summary>
internal sealed class TerEdits
{
    const int LongestShift = 10;
    const int FurthestShift = 50;

    /// <summary>A search that tried so many shifts ends, without the shift that it was about to choose.</summary>
    const int MostTried = 1000;

    readonly TerDistance _distance = new();
    int[] _words = [];
    int[] _shifted = [];
    int _tried;

    /// <summary>The number of edits from the one to the other, words being numbers.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public int Count(List<int> hypothesis, List<int> reference, CancellationToken cancellation = default)
    {
        if (reference.Count == 0) return hypothesis.Count;
        int count = hypothesis.Count, shifts = 0;
        if (_words.Length < count) (_words, _shifted) = (new int[2 * count], new int[2 * count]);
        var words = _words.AsSpan(0, count);
        CollectionsMarshal.AsSpan(hypothesis).CopyTo(words);
        var wanted = CollectionsMarshal.AsSpan(reference);
        _distance.Begin(wanted, count);
        _tried = 0;
        int distance = _distance.Align(words, cancellation);
        while (distance > 0 && Best(words, wanted, distance, cancellation) is { Saved: > 0 } best)
        {
            Perform(words, best.Start, best.Length, best.Target).CopyTo(words);
            shifts++;
            distance = _distance.Align(words, cancellation);
        }
        return shifts + distance;
    }

    /// <summary>
    /// The shift that saves the most edits; of equals the longest, then the leftmost, then the one least far to the right.
    /// </summary>
    Shift Best(ReadOnlySpan<int> words, ReadOnlySpan<int> reference, int distance, CancellationToken cancellation)
    {
        Shift best = default;
        for (int start = 0; start < words.Length; start++)
        {
            if (start % 1024 == 0) cancellation.ThrowIfCancellationRequested();
            int end = Math.Min(reference.Length, start + FurthestShift + 1);
            for (int at = Math.Max(0, start - FurthestShift); at < end; at++)
            {
                bool wrongHere = false, wrongThere = false;
                for (int length = 1; length <= LongestShift && start + length <= words.Length && at + length <= reference.Length; length++)
                {
                    if (words[start + length - 1] != reference[at + length - 1]) break;
                    // Both the words and what they are to match must be in error where they stand now.
                    wrongHere |= _distance.WrongWords[start + length - 1];
                    wrongThere |= _distance.WrongReferences[at + length - 1];
                    if (!wrongHere || !wrongThere) continue;
                    int aligned = _distance.Alignment[at];
                    if (start <= aligned && aligned < start + length) continue; // it would shift within itself
                    Try(words, new Shift(0, start, length, 0), at, distance, ref best);
                    cancellation.ThrowIfCancellationRequested();
                    if (_tried >= MostTried) return default;
                }
            }
        }
        return best;
    }

    /// <summary>Tries every place next to which the reference has the run's words.</summary>
    void Try(ReadOnlySpan<int> words, Shift shift, int at, int distance, ref Shift best)
    {
        int before = -1;
        for (int offset = -1; offset < shift.Length; offset++)
        {
            int target = at + offset < 0 ? 0 : _distance.Alignment[at + offset] + 1;
            if (target == before) continue;
            before = target;
            _tried++;
            // What saves less than the best, or nothing, need not be known exactly.
            int limit = distance - Math.Max(1, best.Saved);
            var (first, last) = Changed(shift, target, words.Length);
            if (first >= last) continue;
            int left = _distance.After(Perform(words, shift.Start, shift.Length, target), first, last, limit);
            if (left > limit) continue;
            var tried = shift with { Saved = distance - left, Target = target };
            if (tried.IsBetterThan(best)) best = tried;
        }
    }

    /// <summary>The words from the first to before the last that a shift moves.</summary>
    static (int First, int Last) Changed(Shift shift, int target, int count) =>
        target < shift.Start ? (target, shift.Start + shift.Length)
        : target > shift.Start + shift.Length ? (shift.Start, target)
        : (shift.Start, target == shift.Start ? shift.Start : Math.Min(count, target + shift.Length));

    /// <summary>The words after a shift; a target within the run moves it to the right by as much.</summary>
    ReadOnlySpan<int> Perform(ReadOnlySpan<int> words, int start, int length, int target)
    {
        var shifted = _shifted.AsSpan(0, words.Length);
        words.CopyTo(shifted);
        var run = words.Slice(start, length);
        if (target < start)
        {
            run.CopyTo(shifted[target..]);
            words[target..start].CopyTo(shifted[(target + length)..]);
            return shifted;
        }
        int end = start + length, last = Math.Min(words.Length, target > end ? target : target + length);
        words[end..last].CopyTo(shifted[start..]);
        run.CopyTo(shifted[(start + last - end)..]);
        return shifted;
    }

    /// <summary>A run of words moved to before a target.</summary>
    readonly record struct Shift(int Saved, int Start, int Length, int Target)
    {
        public bool IsBetterThan(Shift other) =>
            (Saved, Length, -Start, -Target).CompareTo((other.Saved, other.Length, -other.Start, -other.Target)) > 0;
    }
}
