using System.Numerics;

namespace DiffusionBatch.Evaluation.Text;

/// <summary>
/// Longest common subsequences, 64 cells of a column at once (Crochemore et al. 2001, Hyyrö 2004): a zero bit is a row where the
/// length is one more than in the row above.
/// </summary>
internal sealed class CommonSubsequence
{
    readonly PositionMasks _masks = new();
    ulong[] _columns = [];

    /// <summary>The length of the longest common subsequence of two sequences of numbers from 0.</summary>
    public int Length(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        if (first.IsEmpty || second.IsEmpty) return 0;
        _masks.Read(first);
        int words = _masks.Words;
        var column = Columns(words);
        column.Fill(ulong.MaxValue);
        foreach (int symbol in second) Step(column, column, _masks[symbol]);
        int length = 0;
        foreach (ulong word in column) length += BitOperations.PopCount(~word);
        return length;
    }

    /// <summary>
    /// Marks the positions in <paramref name="first"/> of one longest common subsequence: the one that is read from the ends,
    /// where in <paramref name="first"/> is gone back if that loses nothing.
    /// </summary>
    public void Mark(ReadOnlySpan<int> first, ReadOnlySpan<int> second, Span<bool> marked)
    {
        if (first.IsEmpty || second.IsEmpty) return;
        _masks.Read(first);
        int words = _masks.Words;
        var columns = Columns((second.Length + 1) * words); // (second + 1, words)
        columns[..words].Fill(ulong.MaxValue);
        for (int j = 0; j < second.Length; j++) Step(columns.Slice(j * words, words), columns.Slice((j + 1) * words, words), _masks[second[j]]);
        for (int i = first.Length, j = second.Length; i > 0 && j > 0;)
        {
            if (first[i - 1] == second[j - 1])
            {
                marked[--i] = true;
                j--;
            }
            else if ((columns[j * words + (i - 1) / 64] >> ((i - 1) % 64) & 1) == 0)
            {
                j--;
            }
            else
            {
                i--;
            }
        }
    }

    static void Step(ReadOnlySpan<ulong> from, Span<ulong> to, ReadOnlySpan<ulong> matches)
    {
        ulong carry = 0;
        for (int w = 0; w < to.Length; w++)
        {
            ulong column = from[w], match = column & matches[w];
            ulong sum = column + match, carried = sum + carry;
            carry = (sum < column ? 1UL : 0) | (carried < sum ? 1UL : 0);
            to[w] = carried | (column & ~match);
        }
    }

    Span<ulong> Columns(int count)
    {
        if (_columns.Length < count) _columns = new ulong[Math.Max(count, 2 * _columns.Length)];
        return _columns.AsSpan(0, count);
    }
}
