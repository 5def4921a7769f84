using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adagrad (Duchi et al. 2011).</summary>
public partial class Adagrad : OptimizerHelper
{
    public Adagrad(IEnumerable<Parameter> parameters, double lr = 1e-2, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, lr_decay, weight_decay, initial_accumulator_value, eps)
    {
    }

    public Adagrad(IEnumerable<ParamGroup> parameters, double lr = 1e-2, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10)
    {
        Invalid.Negative(lr, "learning rate");
        Invalid.Negative(eps, "ε");
        Invalid.Negative(lr_decay, "lr_decay value");
        Invalid.Negative(weight_decay, "weight_decay value");
        Invalid.Negative(initial_accumulator_value, "initial_accumulator_value");
        Begin(Options.Of(lr, lr_decay, weight_decay, initial_accumulator_value, eps), parameters);
    }

    /// <summary>Takes in a group; what its options leave open is as this optimizer has it.</summary>
    public override void add_param_group(Modules.ParamGroup param_group) => Include<Options>(param_group, p => new State(p));

    /// <summary>One step for every parameter that has a gradient.</summary>
    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(group =>
    {
        Options o = group.Options;
        Each<State>(group, o.weight_decay!.Value, false, (parameter, g, state) =>
        {
            state.step++;
            state.sum.add_(g.square());
            parameter.add_(g.div(state.sum.sqrt().add_(o.eps!.Value)), -group.LearningRate / (1 + (state.step - 1) * o.lr_decay!.Value));
        });
    }, closure);
}
