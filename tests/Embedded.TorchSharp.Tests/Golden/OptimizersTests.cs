using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Golden;

/// <summary>Five steps of each optimizer as PyTorch takes them.</summary>
public sealed class OptimizersTests
{
    [Theory]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("adam_l2")]
    [InlineData("sgd_momentum")]
    public void Five_steps(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        var file = new SafeTensors(SharedData.Require("golden/ops/ops.safetensors"));
        var parameter = new Parameter(file[$"optim.{name}.start"]);
        using optim.Optimizer optimizer = name switch
        {
            "adam" => optim.Adam([parameter], 0.01, 0.9, 0.98),
            "adamw" => optim.AdamW([parameter], 0.01, 0.9, 0.98, weight_decay: 0.1),
            "adam_l2" => optim.Adam([parameter], 0.01, weight_decay: 0.1),
            _ => optim.SGD([parameter], 0.01, 0.9),
        };
        Tensor gradients = file[$"optim.{name}.gradients"];
        for (int i = 0; i < 5; i++)
        {
            parameter.grad = gradients.select(0, i);
            optimizer.step();
        }
        OperationsTests.Near(file[$"optim.{name}.after5"], parameter, name);
    }
}
