using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Nn;

public sealed class OneHotTests
{
    [Fact]
    public void Classes_as_ones_among_zeros()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor y = tensor(new long[] { 2, 0 });
        Assert.Equal([0L, 0, 1, 1, 0, 0], F.one_hot(y).data<long>().ToArray());
        Assert.Equal([2L, 4], F.one_hot(y, 4).shape);
        Assert.Equal([2L, 1, 5], F.one_hot(y.reshape(2, 1), 5).shape);
        Assert.Equal("Class values must be smaller than num_classes.", Message(() => F.one_hot(y, 2)));
        Assert.Equal("Class values must be non-negative.", Message(() => F.one_hot(-y)));
        Assert.Equal("num_classes should be positive", Message(() => F.one_hot(y, 0)));
        Assert.Throws<ArgumentException>(() => F.one_hot(ones(2)));
        static string Message(Func<object?> run) => Assert.Throws<System.Runtime.InteropServices.ExternalException>(run).Message;
    }
}
