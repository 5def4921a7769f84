using static TorchSharp.torch;

namespace DiffusionBatch.Bench;

/// <summary>Elementwise operations, reductions and what moves elements about.</summary>
internal static class ElementOps
{
    internal static OpCase[] All { get; } =
    [
        new("add", [4096, 1024], size => Two(size, (a, b) => a + b)),
        new("mul", [4096, 1024], size => Two(size, (a, b) => a * b)),
        new("where", [4096, 1024], Where),
        new("exp", [4096, 1024], size => One(size, x => x.exp())),
        new("log", [4096, 1024], size => One(size, x => x.log(), 1)),
        new("tanh", [4096, 1024], size => One(size, x => x.tanh())),
        new("sum", [4096, 1024], size => One(size, x => x.sum(), 1)),
        new("sum_rows", [4096, 1024], size => One(size, x => x.sum(1), 1)),
        new("cumsum", [4096, 1024], size => One(size, x => x.cumsum(1))),
        new("gather", [4096, 1024, 64], Gather),
        new("cat", [4096, 256, 4], Cat),
        new("transpose_contiguous", [64, 64, 4, 64], size => One(size, x => x.transpose(1, 2).contiguous())),
        new("topk", [2048, 8000, 8], size => Plain(size[..2], x => x.topk((int)size[2]).values)),
        new("sort", [4096, 1024], size => Plain(size, x => x.sort().Values)),
        new("argmax", [2048, 8000], size => Plain(size, x => x.argmax(1))),
    ];

    private static OurOp One(long[] size, Func<Tensor, Tensor> compute, float shift = 0)
    {
        var scope = NewDisposeScope();
        var x = OpInput.Floats(1, size).add_(shift);
        return new OurOp(scope, () => compute(x), x);
    }

    private static OurOp Plain(long[] size, Func<Tensor, Tensor> compute)
    {
        var scope = NewDisposeScope();
        var x = OpInput.Floats(1, size);
        return new OurOp(scope, () => compute(x));
    }

    private static OurOp Two(long[] size, Func<Tensor, Tensor, Tensor> compute)
    {
        var scope = NewDisposeScope();
        Tensor a = OpInput.Floats(1, size), b = OpInput.Floats(2, size);
        return new OurOp(scope, () => compute(a, b), a, b);
    }

    private static OurOp Where(long[] size)
    {
        var scope = NewDisposeScope();
        Tensor a = OpInput.Floats(1, size), b = OpInput.Floats(2, size), condition = OpInput.Floats(3, size) > 0;
        return new OurOp(scope, () => where(condition, a, b), a, b);
    }

    private static OurOp Gather(long[] size)
    {
        var scope = NewDisposeScope();
        Tensor x = OpInput.Floats(1, size[0], size[1]), index = OpInput.Integers(2, size[1], size[0], size[2]);
        return new OurOp(scope, () => x.gather(1, index), x);
    }

    private static OurOp Cat(long[] size)
    {
        var scope = NewDisposeScope();
        Tensor[] parts = [.. Enumerable.Range(1, (int)size[2]).Select(i => OpInput.Floats(i, size[0], size[1]))];
        return new OurOp(scope, () => cat(parts, 1), parts);
    }
}
