namespace Microsoft.Azure.Functions.Worker;

/// <summary>One invocation of a function.</summary>
public abstract class FunctionContext
{
    /// <summary>The invocation's own id.</summary>
    public abstract string InvocationId { get; }

    /// <summary>The function's id.</summary>
    public abstract string FunctionId { get; }

    /// <summary>The function.</summary>
    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>What came with the trigger.</summary>
    public abstract BindingContext BindingContext { get; }

    /// <summary>The services of this invocation's scope.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    /// <summary>What middleware hands on.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    /// <summary>The invocation's features by type.</summary>
    public abstract IInvocationFeatures Features { get; }

    /// <summary>Cancelled when the host stops or the caller is gone.</summary>
    public virtual CancellationToken CancellationToken { get; }
}
