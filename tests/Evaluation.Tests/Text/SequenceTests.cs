using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Tests.Text;

/// <summary>The bit-parallel comparisons against the tables that define them.</summary>
public sealed class SequenceTests
{
    static readonly EditDistance s_distance = new();
    static readonly CommonSubsequence s_subsequence = new();
    static readonly EditDistance s_narrow = new(narrowFrom: 0); // a band first, however small the table
    static readonly CommonSubsequence s_narrowSubsequence = new(narrowFrom: 0);

    public static TheoryData<int, int, int> Sizes =>
        new() { { 0, 0, 2 }, { 0, 5, 2 }, { 1, 1, 1 }, { 7, 9, 3 }, { 64, 64, 4 }, { 63, 65, 2 }, { 128, 70, 5 }, { 200, 193, 30 },
            { 65, 300, 2 }, { 512, 513, 3 }, { 1100, 30, 4 }, { 30, 1100, 4 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void They_equal_the_tables(int first, int second, int symbols)
    {
        var random = new Random(first * 1000 + second);
        for (int round = 0; round < 20; round++)
        {
            int[] a = Sequence(first), b = Sequence(second);
            var (distance, length) = Tables(a, b);
            Assert.Equal(distance[a.Length, b.Length], s_distance.Of(a, b));
            Assert.Equal(length[a.Length, b.Length], s_subsequence.Length(a, b));
            Assert.Equal(distance[a.Length, b.Length], s_narrow.Of(a, b));
            Assert.Equal(length[a.Length, b.Length], s_narrowSubsequence.Length(a, b));
            var marked = new bool[a.Length];
            s_subsequence.Mark(a, b, marked);
            Assert.Equal(Backtrack(length, a, b), marked);
        }

        int[] Sequence(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(symbols) * 300)];
    }

    [Theory]
    [InlineData(600, 1, 4)]
    [InlineData(1500, 5, 30)]
    [InlineData(1700, 40, 3)]
    [InlineData(1300, 200, 5)]
    public void Little_changed_sequences_equal_the_tables_in_a_band(int count, int changes, int symbols)
    {
        var random = new Random(count + changes);
        for (int round = 0; round < 5; round++)
        {
            var b = Enumerable.Range(0, count).Select(_ => random.Next(symbols)).ToList();
            int[] a = [.. b];
            for (int change = 0; change < changes; change++)
            {
                int at = random.Next(b.Count);
                if (change % 3 == 0) b.RemoveAt(at);
                else if (change % 3 == 1) b.Insert(at, random.Next(symbols));
                else b[at] = random.Next(symbols);
            }
            var (distance, length) = Tables(a, [.. b]);
            Assert.Equal(distance[a.Length, b.Count], s_narrow.Of(a, [.. b]));
            Assert.Equal(distance[a.Length, b.Count], s_narrow.Of([.. b], a));
            Assert.Equal(length[a.Length, b.Count], s_narrowSubsequence.Length(a, [.. b]));
            var marked = new bool[a.Length];
            s_subsequence.Mark(a, [.. b], marked);
            Assert.Equal(Backtrack(length, a, [.. b]), marked);
        }
    }

    [Fact]
    public void Work_ends_when_it_is_cancelled()
    {
        var random = new Random(1);
        int[] a = [.. Enumerable.Range(0, 1_500_000).Select(_ => random.Next(30))],
            b = [.. Enumerable.Range(0, 1_500_000).Select(_ => random.Next(30))];
        foreach (Action<CancellationToken> work in (Action<CancellationToken>[])[token => s_distance.Of(a, b, token),
            token => s_subsequence.Length(a, b, token),
            token => s_subsequence.Mark(a.AsSpan(0, 500_000), b.AsSpan(0, 500_000), new bool[500_000], token)])
        {
            using var source = new CancellationTokenSource(100);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            Assert.ThrowsAny<OperationCanceledException>(() => work(source.Token));
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5); // a machine may be busy; free it is milliseconds
        }
        // What was cancelled leaves nothing behind.
        Assert.Equal(1, s_distance.Of([1, 2, 3], [1, 4, 3]));
        Assert.Equal(2, s_subsequence.Length([1, 2, 3, 5], [2, 1, 5, 4]));
    }

    static (int[,] Distance, int[,] Length) Tables(int[] a, int[] b)
    {
        var distance = new int[a.Length + 1, b.Length + 1];
        var length = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distance[i, j] = i + j;
                    continue;
                }
                bool same = a[i - 1] == b[j - 1];
                distance[i, j] = Math.Min(distance[i - 1, j - 1] + (same ? 0 : 1), Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
                length[i, j] = same ? length[i - 1, j - 1] + 1 : Math.Max(length[i - 1, j], length[i, j - 1]);
            }
        }
        return (distance, length);
    }

    // From the ends: a match is taken; else back in b where that is the longer, else back in a.
    static bool[] Backtrack(int[,] length, int[] a, int[] b)
    {
        var marked = new bool[a.Length];
        for (int i = a.Length, j = b.Length; i > 0 && j > 0;)
        {
            if (a[i - 1] == b[j - 1])
            {
                marked[--i] = true;
                j--;
            }
            else if (length[i, j - 1] > length[i - 1, j])
            {
                j--;
            }
            else
            {
                i--;
            }
        }
        return marked;
    }
}
