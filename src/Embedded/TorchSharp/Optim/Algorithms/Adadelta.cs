using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adadelta (Zeiler 2012).</summary>
public partial class Adadelta : OptimizerHelper
{
    public Adadelta(IEnumerable<Parameter> parameters, double lr, double rho = 0.9, double eps = 1e-6, double weight_decay = 0, bool maximize = false)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, rho, eps, weight_decay, maximize)
    {
    }

    public Adadelta(IEnumerable<ParamGroup> parameters, double lr = 1, double rho = 0.9, double eps = 1e-6, double weight_decay = 0, bool maximize = false)
    {
        Invalid.Negative(lr, "learning rate");
        if (rho is < 0 or > 1) throw new ArgumentException($"Invalid rho value: {rho}");
        Invalid.Negative(eps, "eps value");
        Invalid.Negative(weight_decay, "weight_decay value");
        Begin(Options.Of(lr, rho, eps, weight_decay, maximize), parameters);
    }

    /// <summary>Takes in a group; what its options leave open is as this optimizer has it.</summary>
    public override void add_param_group(Modules.ParamGroup param_group) => Include<Options>(param_group, p => new State(p));

    /// <summary>One step for every parameter that has a gradient.</summary>
    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(group =>
    {
        Options o = group.Options;
        double rho = o.rho!.Value, eps = o.eps!.Value;
        Each<State>(group, o.weight_decay!.Value, o.maximize!.Value, (parameter, g, state) =>
        {
            state.step++;
            state.square_avg.mul_(rho).add_(g.square(), 1 - rho);
            Tensor delta = state.acc_delta.add(eps).sqrt_().div_(state.square_avg.add(eps).sqrt_()).mul_(g);
            parameter.add_(delta, -group.LearningRate);
            state.acc_delta.mul_(rho).add_(delta.square(), 1 - rho);
        });
    }, closure);
}
