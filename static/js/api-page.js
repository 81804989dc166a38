// Shows the OpenAPI document with Swagger UI, which comes from our own vendor folder.
const viewer = document.getElementById("api-viewer");
if (viewer && window.SwaggerUIBundle) {
  window.SwaggerUIBundle({
    url: viewer.dataset.document,
    domNode: viewer,
    deepLinking: true,
    validatorUrl: null,
    tryItOutEnabled: true,
  });
}
