using DiffusionBatch.Diffusion.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Models.Layers;

public sealed class ScatteredRowsTests
{
    static readonly long[] Rows = [3, 0, 3, 5];

    static float[] Gradient(Func<Parameter, Tensor, Tensor> select, bool tied, int batches = 1)
    {
        using var scope = NewDisposeScope();
        var table = new Parameter(arange(24, dtype: float32).view(6, 4) / 7);
        for (int i = 0; i < batches; i++)
        {
            var x = select(table, tensor(Rows)); // (4, 4)
            var loss = x.square().sum();
            if (tied) loss = loss + x.matmul(table.t()).square().sum();
            loss.backward();
        }
        return table.grad!.data<float>().ToArray();
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    public void The_table_s_gradient_is_that_of_the_library_s_selection(bool tied, int batches)
    {
        float[] expected = Gradient((table, rows) => table.index_select(0, rows), tied, batches),
            actual = Gradient(ScatteredRows.Of, tied, batches);
        Assert.Equal(expected, actual, (x, y) => Math.Abs(x - y) <= 1e-5f * (1 + Math.Abs(x)));
        Assert.NotEqual(0, expected[1]);
    }

    [Fact]
    public void A_table_that_learns_nothing_gets_no_gradient()
    {
        using var scope = NewDisposeScope();
        var table = new Parameter(ones(6, 4), requires_grad: false);
        Assert.False(ScatteredRows.Of(table, tensor(Rows)).requires_grad);
        var learning = new Parameter(ones(6, 4));
        using (no_grad()) Assert.False(ScatteredRows.Of(learning, tensor(Rows)).requires_grad);
    }
}
