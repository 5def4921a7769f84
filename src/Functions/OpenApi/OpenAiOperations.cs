using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.OpenAi;

namespace DiffusionBatch.Functions.OpenApi;

/// <summary>The operations of the OpenAI-shaped door, and of the models that its requests name.</summary>
internal static class OpenAiOperations
{
    static readonly ApiParameter s_file = new("path", "id", "The file's id."), s_batch = new("path", "id", "The batch's id."),
        s_model = new("path", "model", "The model's name.");
    static readonly ApiParameter s_after = new("query", "after", "last_id of the page before.");
    static readonly ApiParameter s_order = new("query", "order", "desc, the newest first, by default.") { Values = ["asc", "desc"] };
    static readonly (int, string) s_noFile = (404, "There is no such file."), s_noBatch = (404, "There is no such batch."),
        s_noModel = (404, "There is no such model.");
    static readonly (int, string) s_parameter = (400, "A parameter is wrong."),
        s_large = (413, "The body is too large; the message states the limit.");

    /// <summary>The operations.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("post", "/v1/files", "OpenAiUpload",
            "Upload a file of requests: file, purpose (batch) and, if it is to be deleted, expires_after.")
        {
            Bodies = ["multipart/form-data"],
            Answers = [new(200, "The file.") { Body = typeof(FileObject) }],
            Problems = [s_parameter, s_large, (415, "The body is no multipart/form-data.")],
        },
        new("get", "/v1/files", "OpenAiListFiles", "Files.")
        {
            Parameters = [new("query", "purpose", "Of this purpose only."), Limit(10_000, 10_000), s_order, s_after],
            Answers = [new(200, "A page.") { Body = typeof(OpenAiPage<FileObject>) }],
            Problems = [s_parameter],
        },
        new("get", "/v1/files/{id}", "OpenAiGetFile", "A file.") { Parameters = [s_file],
            Answers = [new(200, "The file.") { Body = typeof(FileObject) }], Problems = [s_noFile] },
        new("delete", "/v1/files/{id}", "OpenAiDeleteFile", "Delete a file.")
        {
            Parameters = [s_file],
            Answers = [new(200, "It is deleted.") { Body = typeof(DeletedObject) }],
            Problems = [s_noFile],
        },
        new("get", "/v1/files/{id}/content", "OpenAiFileContent", "A file's bytes.")
        {
            Parameters = [s_file],
            Answers = [new(200, "The bytes.") { Media = "application/octet-stream" },
                new(206, "The range.") { Media = "application/octet-stream" }],
            Problems = [s_noFile, (416, "The range begins behind the file's end.")],
        },
        new("post", "/v1/batches", "OpenAiCreateBatch", "Answer the requests of a file: lines for /v1/chat/completions or /v1/completions.")
        {
            Bodies = ["application/json"],
            Body = typeof(BatchRequestBody),
            Answers = [new(200, "The batch; its file is checked behind.") { Body = typeof(BatchObject) }],
            Problems = [s_parameter, s_large, (429, "The tenant has as many items queued as it may.")],
        },
        new("get", "/v1/batches", "OpenAiListBatches", "Batches, the newest first.")
        {
            Parameters = [Limit(100, 20), s_order, s_after],
            Answers = [new(200, "A page.") { Body = typeof(OpenAiPage<BatchObject>) }],
            Problems = [s_parameter],
        },
        new("get", "/v1/batches/{id}", "OpenAiGetBatch", "A batch with its counts, and its files once it has ended.")
        {
            Parameters = [s_batch],
            Answers = [new(200, "The batch.") { Body = typeof(BatchObject) }],
            Problems = [s_noBatch],
        },
        new("post", "/v1/batches/{id}/cancel", "OpenAiCancelBatch", "Stop a batch; what is answered is written.")
        {
            Parameters = [s_batch],
            Answers = [new(200, "It is being stopped.") { Body = typeof(BatchObject) }],
            Problems = [s_noBatch, (409, "It has ended.")],
        },
        new("get", "/v1/models", "OpenAiListModels",
            "The models that requests can name.") { Answers = [new(200, "All of them.") { Body = typeof(OpenAiPage<ModelObject>) }] },
        new("get", "/v1/models/{model}", "OpenAiGetModel", "A model.")
        {
            Parameters = [s_model],
            Answers = [new(200, "The model.") { Body = typeof(ModelObject) }],
            Problems = [s_noModel],
        },
        new("get", "/models", "ListModels", "The models that requests can name, with their folders, templates and samplers.")
        {
            Answers = [new(200, "All of them.") { Body = typeof(ModelListView) }],
        },
        new("get", "/models/{model}", "GetModel", "A model.") { Parameters = [s_model],
            Answers = [new(200, "The model.") { Body = typeof(ModelView) }], Problems = [s_noModel] },
        new("put", "/models/{model}", "PutModel", "Enter a model into the registry, or replace it.")
        {
            Parameters = [s_model],
            Bodies = ["application/json"],
            Body = typeof(ModelView),
            Answers = [new(200, "It was replaced.") { Body = typeof(ModelView) }, new(201, "It is new.") { Body = typeof(ModelView) }],
            Problems = [(400, "Something is wrong with it; errors lists what."), s_large],
        },
        new("delete", "/models/{model}", "DeleteModel", "Strike a model off the registry; its folder stays.")
        {
            Parameters = [s_model],
            Answers = [new(204, "It is struck off.")],
            Problems = [s_noModel],
        },
    ];

    static ApiParameter Limit(int most, int usual) =>
        new("query", "limit", FormattableString.Invariant($"The most of a page, 1 to {most}; {usual} by default.")) { Type = "integer" };
}
