using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam whose adaptive rate is held back while its variance is unknown (Liu et al. 2020).</summary>
public partial class RAdam : OptimizerHelper, optim.IBetas
{
    public RAdam(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, beta1, beta2, eps, weight_decay)
    {
    }

    public RAdam(IEnumerable<ParamGroup> parameters, double lr = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0)
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
        double beta1 = o.beta1!.Value, beta2 = o.beta2!.Value, longest = 2 / (1 - beta2) - 1;
        Each<State>(group, o.weight_decay!.Value, false, (parameter, g, state) =>
        {
            state.step++;
            double rest1 = 1 - Math.Pow(beta1, state.step), power = Math.Pow(beta2, state.step), rest2 = 1 - power;
            state.exp_avg.mul_(beta1).add_(g, 1 - beta1);
            state.exp_avg_sq.mul_(beta2).add_(g.square(), 1 - beta2);
            double length = longest - 2 * state.step * power / rest2, size = -group.LearningRate / rest1;
            if (length <= 5)
            {
                parameter.add_(state.exp_avg, size);
                return;
            }
            double rectified = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
            parameter.add_(state.exp_avg.div(state.exp_avg_sq.sqrt().add_(o.eps!.Value)), size * rectified * Math.Sqrt(rest2));
        });
    }, closure);
}
