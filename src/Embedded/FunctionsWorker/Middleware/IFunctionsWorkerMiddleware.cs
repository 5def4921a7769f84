namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>Code around each invocation.</summary>
public interface IFunctionsWorkerMiddleware
{
    /// <summary>Runs around an invocation; calls <paramref name="next"/> to go on with it.</summary>
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
