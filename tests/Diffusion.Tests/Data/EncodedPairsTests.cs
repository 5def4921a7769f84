using DiffusionBatch.Diffusion.Data;

namespace DiffusionBatch.Diffusion.Tests.Data;

public sealed class EncodedPairsTests
{
    static EncodedPairs Pack(int maxLength)
    {
        var pairs = new EncodedPairs(maxLength, bos: 0, eos: 2);
        pairs.Add("x", [10, 11, 12], [20, 21]);
        return pairs;
    }

    [Theory]
    [InlineData(8, new[] { 0, 10, 11, 12, 20, 21, 2 }, 4, 0)]
    [InlineData(7, new[] { 0, 10, 11, 12, 20, 21, 2 }, 4, 0)]
    [InlineData(6, new[] { 10, 11, 12, 20, 21, 2 }, 3, 1)]
    [InlineData(4, new[] { 12, 20, 21, 2 }, 1, 1)]
    [InlineData(3, new[] { 20, 21, 2 }, 0, 1)]
    [InlineData(2, new[] { 21, 2 }, 0, 1)]
    public void A_long_pair_loses_its_beginning(int maxLength, int[] tokens, int promptLength, int truncated)
    {
        var pairs = Pack(maxLength);
        Assert.Equal(tokens, pairs.Tokens(0).ToArray());
        Assert.Equal((promptLength, tokens.Length - promptLength, truncated),
            (pairs.PromptLength(0), pairs.ResponseLength(0), pairs.Truncated));
    }

    [Fact]
    public void A_batch_is_padded_on_the_right()
    {
        var pairs = Pack(16);
        pairs.Add("y", [], []);
        var batch = new PairBatch(pairs, [1, 0], pad: 1);
        Assert.Equal([0, 2, 1, 1, 1, 1, 1, 0, 10, 11, 12, 20, 21, 2], batch.Ids);
        Assert.Equal((2, 7, 9), (batch.Rows, batch.Columns, batch.Tokens));
        Assert.Equal([1, 4], batch.PromptLengths);
        var prompts = new PairBatch(pairs, [1, 0], pad: 1, promptsOnly: true);
        Assert.Equal([0, 1, 1, 1, 0, 10, 11, 12], prompts.Ids);
    }
}
