namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>An invocation, or what is left of it after the middleware around.</summary>
public delegate Task FunctionExecutionDelegate(FunctionContext context);
