using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Bench;

/// <summary>What an optimizer's step consists of; the result is the first parameter.</summary>
internal static class UpdateOps
{
    internal static OpCase[] All { get; } =
    [
        new("adamw", [10, 1000, 1000], AdamW),
        new("clip_grad_norm_", [10, 1000, 1000], Clip),
    ];

    private static OurOp AdamW(long[] size)
    {
        var scope = NewDisposeScope();
        var parameters = Parameters(size);
        var optimizer = optim.AdamW(parameters, 1e-3, 0.9, 0.98, 1e-8, 0.01);
        return new OurOp(scope, Step);

        Tensor Step()
        {
            optimizer.step();
            return parameters[0];
        }
    }

    // The bound shrinks with every call, so that each of them has something to clip.
    private static OurOp Clip(long[] size)
    {
        var scope = NewDisposeScope();
        var parameters = Parameters(size);
        double bound = 100;
        return new OurOp(scope, Step);

        Tensor Step()
        {
            bound *= 0.9999;
            nn.utils.clip_grad_norm_(parameters, bound);
            return parameters[0].grad!;
        }
    }

    private static Parameter[] Parameters(long[] size) =>
    [
        .. Enumerable.Range(1, (int)size[0]).Select(i =>
        {
            var parameter = new Parameter(OpInput.Floats(i, size[1], size[2]));
            parameter.grad = OpInput.Floats(100 + i, size[1], size[2]);
            return parameter;
        }),
    ];
}
