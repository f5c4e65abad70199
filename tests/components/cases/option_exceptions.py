"""Options that no row of the tables sets: why, and the test that does instead."""

# pattern of `family.name.option` -> reason, file of the test, its name
EXCEPTIONS = {
    "callbacks.ActivationStatistics.layers": (
        "it names layers of a model",
        "test_diagnostic_callbacks",
        "test_statistics_are_those_of_the_outputs",
    ),
    "callbacks.BiasVarianceDiagnosis.*": (
        "they need a name in the logs and a target for it",
        "test_diagnostic_callbacks",
        "test_the_recipe_of_the_notes",
    ),
    "callbacks.GradientNorms.sample_weight": (
        "it needs as many rows as the data",
        "test_gradient_norms",
        "test_rows_without_a_weight_have_no_say",
    ),
    "callbacks.LearningRateFinder.diverged": (
        "it needs a training that diverges",
        "test_diagnostic_callbacks",
        "test_a_test_ends_at_the_first_loss_so_many_times_the_least",
    ),
    "callbacks.LearningRateFinder.start": (
        "it needs as many batches as rates",
        "test_diagnostic_callbacks",
        "test_rates_rise_by_a_constant_factor",
    ),
    "callbacks.LearningRateFinder.end": (
        "it needs as many batches as rates",
        "test_diagnostic_callbacks",
        "test_rates_rise_by_a_constant_factor",
    ),
    "callbacks.LearningRateFinder.smoothing": (
        "it needs the losses of known batches",
        "test_diagnostic_callbacks",
        "test_the_losses_are_those_of_the_batches",
    ),
    "initializers.*.input_axes": (
        "they need a kernel of three axes",
        "test_initializers",
        "test_the_axes_of_an_unusual_kernel_are_those_of_keras",
    ),
    "initializers.*.output_axes": (
        "they need a kernel of three axes",
        "test_initializers",
        "test_the_axes_of_an_unusual_kernel_are_those_of_keras",
    ),
    "initializers.*.seed": (
        "the tests of a row give their own",
        "test_initializers",
        "test_an_integer_seed_repeats_and_a_generator_does_not",
    ),
    "layers.BatchNormalization.synchronized": (
        "it needs several devices",
        "test_distribution",
        "test_mirrored_strategy",
    ),
    "layers.Bidirectional.weights": (
        "Keras stores it and never applies it",
        "test_recurrent",
        "test_two_directions_start_from_given_weights",
    ),
    "layers.CategoryEncoding.sparse": (
        "its numbers are the same",
        "test_preprocessing",
        "test_a_sparse_category_encoding_is_the_dense_one_in_another_form",
    ),
    "layers.*.data_format": (
        "the row's input has to be turned",
        "test_convolution",
        "test_channels_first_is_the_transpose",
    ),
    "layers.*.lora_*": ("it is refused", "test_dense", "test_adapters_are_refused_by_name"),
    "layers.*.quantization_config": (
        "it is refused",
        "test_dense",
        "test_adapters_are_refused_by_name",
    ),
    "layers.Embedding.mask_zero": (
        "it shows in the mask alone",
        "test_preprocessing",
        "test_embedding_masks_zero_and_starts_from_given_weights",
    ),
    "layers.Embedding.weights": (
        "Keras stores it and never applies it",
        "test_preprocessing",
        "test_embedding_masks_zero_and_starts_from_given_weights",
    ),
    "layers.*.unroll": (
        "it changes how a sequence is run, and no number",
        "test_recurrent",
        "test_equals_keras_with_a_mask",
    ),
    "layers.*.use_cudnn": (
        "it changes how a sequence is run, and no number",
        "test_recurrent",
        "test_wrong_arguments_are_named",
    ),
    "layers.*.flash_attention": (
        "it changes how scores are computed, and no number",
        "test_multi_head_attention",
        "test_flash_attention_refuses_what_it_cannot_do",
    ),
    "layers.*Attention.rotation": (
        "Keras has none",
        "test_rotation",
        "test_heads_turn_queries_and_keys_along_the_sequence",
    ),
    "layers.LoRADense.*_regularizer": (
        "frozen weights hold it for the layer that they become",
        "test_lora_dense",
        "test_a_merged_layer_has_all_settings_of_the_trained_one",
    ),
    "layers.LoRADense.*_constraint": (
        "frozen weights hold it for the layer that they become",
        "test_lora_dense",
        "test_a_merged_layer_has_all_settings_of_the_trained_one",
    ),
    "losses.SparseCategoricalCrossentropy.axis": (
        "another axis needs other labels",
        "test_losses",
        "test_rows_may_lie_along_any_axis",
    ),
    "losses.*.reduction": (
        "it is Keras's, and the tests of a row give their own",
        "test_losses",
        "test_no_reduction_gives_one_value_per_row",
    ),
}
