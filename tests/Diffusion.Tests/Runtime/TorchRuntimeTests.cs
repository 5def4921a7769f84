using DiffusionBatch.Diffusion.Runtime;
using DiffusionBatch.Diffusion.Sampling.Passes;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Runtime;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void The_libraries_are_those_that_the_project_names() =>
        Assert.Equal("TorchSharp 0.107.0, libtorch 2.10.0", TorchRuntime.Version);

    [Fact]
    public void This_machines_kernels_keep_rows_apart_and_have_one_name()
    {
        var check = KernelCheck.Run(CPU);
        Assert.True(check.KeepsRows);
        Assert.Equal(check, KernelCheck.Run(CPU));
        Assert.Matches("^cpu [0-9a-f]{12}$", check.Describe(CPU));
        Assert.EndsWith(", rows depend on their batch", (check with { KeepsRows = false }).Describe(CPU));
    }

    [Theory]
    [InlineData(1, 17)]
    [InlineData(5, 4000)]
    [InlineData(300, 601)]
    public void Rows_are_summarized_as_the_library_does(int rows, int vocabulary)
    {
        const int Never = 3;
        using var scope = NewDisposeScope();
        using var draws = new Generator(5);
        var logits = randn([rows, vocabulary], generator: draws) * 8;
        logits[0, vocabulary - 1] = logits[0, 5] = 99; // equals: the first is taken
        logits.narrow(1, Never, 1).fill_(1000); // never emitted, however probable
        var reference = logits.clone();
        reference.narrow(1, Never, 1).fill_(float.NegativeInfinity);
        var (tokens, best, normalizers) = (new int[rows], new float[rows], new float[rows]);
        RowSummary.Of(logits, Never, tokens, best, normalizers);
        Assert.Equal(reference.argmax(1).data<long>().ToArray().Select(t => (int)t), tokens);
        Assert.Equal(reference.amax([1]).data<float>().ToArray(), best);
        float[] expected = reference.logsumexp(1).data<float>().ToArray();
        for (int r = 0; r < rows; r++) Assert.Equal(expected[r], normalizers[r], 2e-5f);
        Assert.Equal(5, tokens[0]);
    }

    [Fact]
    public void Numbers_that_are_none_are_seen_in_the_sum()
    {
        using var scope = NewDisposeScope();
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity])
        {
            var logits = zeros(2, 40);
            logits[1, 20] = bad;
            var normalizers = new float[2];
            RowSummary.Of(logits, 0, new int[2], new float[2], normalizers);
            Assert.True(float.IsFinite(normalizers[0]));
            Assert.False(float.IsFinite(normalizers[1]));
        }
    }
}
