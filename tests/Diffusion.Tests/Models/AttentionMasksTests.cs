using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;

namespace DiffusionBatch.Diffusion.Tests.Models;

public sealed class AttentionMasksTests
{
    const int Newline = 9;

    [Theory]
    [InlineData(AttentionKind.Full, "1111. 1111. 1111. 1111. 1111.")]
    [InlineData(AttentionKind.Prefix, "11... 11... 1111. 1111. 1111.")]
    [InlineData(AttentionKind.Causal, "1.... 11... 111.. 1111. 1111.")]
    [InlineData(AttentionKind.Blockwise, "11... 11... 1111. 1111. 1111.")]
    public void Each_strategy_shows_what_it_says(AttentionKind strategy, string expected)
    {
        // Four tokens and one padding; the newline, second, ends the first block and belongs to it.
        bool[] mask = AttentionMasks.Pairwise(strategy, [0, Newline, 5, 2, 1], [4], [2], 5, Newline);
        Assert.Equal(expected.Replace(" ", ""), string.Concat(mask.Select(m => m ? '1' : '.')));
    }

    [Theory]
    [InlineData(AttentionKind.Causal, 1, "1.... 11... 111.. 1111. 11111")]
    [InlineData(AttentionKind.Causal, 2, "11... 11... 1111. 1111. 11111")]
    [InlineData(AttentionKind.Prefix, 1, "11... 11... 111.. 1111. 11111")]
    [InlineData(AttentionKind.Prefix, 2, "11... 11... 1111. 1111. 11111")]
    [InlineData(AttentionKind.Prefix, 0, "11... 11... 11111 11111 11111")]
    public void Blocks_are_counted_from_the_first_token_of_a_canvas_or_of_a_response(AttentionKind strategy, int blockLength,
        string expected) =>
        Assert.Equal(expected.Replace(" ", ""),
            string.Concat(AttentionMasks.Pairwise(strategy, [0, 4, 5, 2, 6], [5], [2], 5, -1, blockLength).Select(m => m ? '1' : '.')));

    [Fact]
    public void Rows_have_masks_of_their_own()
    {
        bool[] both = AttentionMasks.Pairwise(AttentionKind.Causal, [0, 5, 2, 0, 2, 1], [3, 2], [1, 1], 3, -1);
        Assert.Equal(AttentionMasks.Pairwise(AttentionKind.Causal, [0, 2, 1], [2], [1], 3, -1), both[9..]);
        Assert.Equal([true, true, true, true, true, false], AttentionMasks.Tokens([3, 2], 3));
    }
}
