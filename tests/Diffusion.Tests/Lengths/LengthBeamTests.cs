using DiffusionBatch.Diffusion.Lengths;

namespace DiffusionBatch.Diffusion.Tests.Lengths;

public class LengthBeamTests
{
    [Fact]
    public void Candidates_come_in_order_of_their_logits_and_among_equals_the_shorter_first() =>
        Assert.Equal([3, 1, 5, 2], LengthBeam.Candidates([2, 1, 9, 0, 2], 4, 100));

    [Fact]
    public void Candidates_are_clipped_and_stay_apart() =>
        Assert.Equal([3, 3, 3, 2], LengthBeam.Candidates([0, 1, 2, 3, 4], 4, 3));

    [Fact]
    public void A_beam_beyond_the_classes_gives_every_class() => Assert.Equal([2, 1], LengthBeam.Candidates([0, 1], 10, 9));

    [Fact]
    public void Class_and_length_are_a_round_trip()
    {
        for (int length = 1; length <= 64; length++) Assert.Equal(length, LengthBeam.LengthOf(LengthBeam.ClassOf(length)));
        Assert.Equal(0, LengthBeam.ClassOf(0)); // reference A.6: max(tokens with </s>, 2) - 2
        Assert.Equal(0, LengthBeam.ClassOf(1));
        Assert.Equal(1, LengthBeam.ClassOf(2));
    }

    [Fact]
    public void The_highest_score_wins_and_among_equals_the_earlier()
    {
        Assert.Equal(1, Rerank.Best([-2, -1, -3, -1]));
        Assert.Equal(0, Rerank.Best([-2]));
    }
}
