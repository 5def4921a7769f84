using Microsoft.AspNetCore.Http;

namespace Microsoft.Azure.Functions.Worker.Hosting.Invocation;

/// <summary>One invocation.</summary>
internal sealed class InvocationContext : FunctionContext
{
    public InvocationContext(FunctionEntry function, Trigger trigger, IServiceProvider services, CancellationToken cancellationToken)
    {
        FunctionDefinition = function.Definition;
        BindingContext = new TriggerData(trigger.Data);
        InstanceServices = services;
        CancellationToken = cancellationToken;
        Features.Set(Returned);
        if (trigger.Http is { } http) Features.Set<HttpContext>(http);
    }

    /// <summary>What the function returned.</summary>
    public ReturnedValue Returned { get; } = new();

    /// <inheritdoc/>
    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    /// <inheritdoc/>
    public override string FunctionId => FunctionDefinition.Id;

    /// <inheritdoc/>
    public override FunctionDefinition FunctionDefinition { get; }

    /// <inheritdoc/>
    public override BindingContext BindingContext { get; }

    /// <inheritdoc/>
    public override IServiceProvider InstanceServices { get; set; }

    /// <inheritdoc/>
    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    /// <inheritdoc/>
    public override IInvocationFeatures Features { get; } = new InvocationFeatures();

    /// <inheritdoc/>
    public override CancellationToken CancellationToken { get; }
}
