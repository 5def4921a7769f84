using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adamax, Adam by the infinity norm (Kingma and Ba 2015).</summary>
public partial class Adamax : OptimizerHelper, optim.IBetas
{
    public Adamax(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, beta1, beta2, eps, weight_decay)
    {
    }

    public Adamax(IEnumerable<ParamGroup> parameters, double lr = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0)
    {
        Invalid.Adams(lr, beta1, beta2, eps, weight_decay);
        Begin(Options.Of(lr, beta1, beta2, eps, weight_decay), parameters);
    }

    /// <summary>The decay rates of all groups.</summary>
    public (double, double) Betas
    {
        get => _defaults.Betas;
        set => SetBetas(value);
    }

    /// <summary>Takes in a group; what its options leave open is as this optimizer has it.</summary>
    public override void add_param_group(Modules.ParamGroup param_group) => Include<Options>(param_group, p => new State(p));

    /// <summary>One step for every parameter that has a gradient.</summary>
    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(group =>
    {
        Options o = group.Options;
        double beta1 = o.beta1!.Value;
        Each<State>(group, o.weight_decay!.Value, false, (parameter, g, state) =>
        {
            state.step++;
            state.exp_avg.mul_(beta1).add_(g, 1 - beta1);
            state.exp_inf.mul_(o.beta2!.Value);
            state.exp_inf.copy_(state.exp_inf.maximum(g.abs().add_(o.eps!.Value)));
            parameter.add_(state.exp_avg.div(state.exp_inf), -group.LearningRate / (1 - Math.Pow(beta1, state.step)));
        });
    }, closure);
}
