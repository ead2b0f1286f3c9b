// Every struct of the contract, member by member, as it was published: what a plugin that is built keeps reading at
// these offsets. A struct that says so grows at its end: its new members are added here, with its new size.
#include <stddef.h>

#include <sshost/abi/backbone.h>
#include <sshost/abi/checkpoint_names.h>
#include <sshost/abi/context.h>
#include <sshost/abi/dataset.h>
#include <sshost/abi/files.h>
#include <sshost/abi/head.h>
#include <sshost/abi/host.h>
#include <sshost/abi/images.h>
#include <sshost/abi/layers.h>
#include <sshost/abi/loss.h>
#include <sshost/abi/memory.h>
#include <sshost/abi/ops.h>
#include <sshost/abi/options.h>
#include <sshost/abi/plugin.h>
#include <sshost/abi/prediction.h>
#include <sshost/abi/status.h>
#include <sshost/abi/submission.h>
#include <sshost/abi/tensor.h>
#include <sshost/abi/transform.h>

#define PIN(type, member, offset) SS_STATIC_ASSERT(offsetof(type, member) == (offset), #type "." #member " has moved")
#define PIN_SIZE(type, bytes) SS_STATIC_ASSERT(sizeof(type) == (bytes), "the size of " #type " has changed")

PIN_SIZE(ss_string, 16);
PIN(ss_string, data, 0);
PIN(ss_string, size, 8);

PIN_SIZE(ss_tensor_table, 64);
PIN(ss_tensor_table, retain, 0);
PIN(ss_tensor_table, release, 8);
PIN(ss_tensor_table, dim, 16);
PIN(ss_tensor_table, numel, 24);
PIN(ss_tensor_table, dtype, 32);
PIN(ss_tensor_table, size, 40);
PIN(ss_tensor_table, from_data, 48);
PIN(ss_tensor_table, to_data, 56);

PIN_SIZE(ss_value, 16);
PIN(ss_value, tag, 0);
PIN(ss_value, count, 4);
PIN(ss_value, as, 8);

PIN_SIZE(ss_ops_table, 16);
PIN(ss_ops_table, resolve, 0);
PIN(ss_ops_table, call, 8);

PIN_SIZE(ss_image, 48);
PIN(ss_image, size, 0);
PIN(ss_image, dtype, 4);
PIN(ss_image, height, 8);
PIN(ss_image, width, 16);
PIN(ss_image, channels, 24);
PIN(ss_image, pixels, 32);
PIN(ss_image, owner, 40);

PIN_SIZE(ss_images_table, 16);
PIN(ss_images_table, read, 0);
PIN(ss_images_table, release, 8);

PIN_SIZE(ss_file_sink, 16);
PIN(ss_file_sink, self, 0);
PIN(ss_file_sink, file, 8);

PIN_SIZE(ss_files_table, 16);
PIN(ss_files_table, find, 0);
PIN(ss_files_table, words, 8);

PIN_SIZE(ss_norm_spec, 32);
PIN(ss_norm_spec, size, 0);
PIN(ss_norm_spec, kind, 4);
PIN(ss_norm_spec, groups, 8);
PIN(ss_norm_spec, epsilon, 16);
PIN(ss_norm_spec, momentum, 24);

PIN_SIZE(ss_activation_spec, 16);
PIN(ss_activation_spec, size, 0);
PIN(ss_activation_spec, kind, 4);
PIN(ss_activation_spec, slope, 8);

PIN_SIZE(ss_conv_spec, 200);
PIN(ss_conv_spec, size, 0);
PIN(ss_conv_spec, transposed, 4);
PIN(ss_conv_spec, name, 8);
PIN(ss_conv_spec, conv_part, 24);
PIN(ss_conv_spec, norm_part, 40);
PIN(ss_conv_spec, activation_part, 56);
PIN(ss_conv_spec, in_channels, 72);
PIN(ss_conv_spec, out_channels, 80);
PIN(ss_conv_spec, kernel, 88);
PIN(ss_conv_spec, stride, 104);
PIN(ss_conv_spec, padding, 120);
PIN(ss_conv_spec, dilation, 136);
PIN(ss_conv_spec, output_padding, 152);
PIN(ss_conv_spec, groups, 168);
PIN(ss_conv_spec, bias, 176);
PIN(ss_conv_spec, resize, 180);
PIN(ss_conv_spec, norm, 184);
PIN(ss_conv_spec, activation, 192);

PIN_SIZE(ss_linear_spec, 48);
PIN(ss_linear_spec, size, 0);
PIN(ss_linear_spec, bias, 4);
PIN(ss_linear_spec, name, 8);
PIN(ss_linear_spec, in_features, 24);
PIN(ss_linear_spec, out_features, 32);
PIN(ss_linear_spec, activation, 40);

PIN_SIZE(ss_attention_spec, 72);
PIN(ss_attention_spec, size, 0);
PIN(ss_attention_spec, bias, 4);
PIN(ss_attention_spec, name, 8);
PIN(ss_attention_spec, qkv_part, 24);
PIN(ss_attention_spec, out_part, 40);
PIN(ss_attention_spec, channels, 56);
PIN(ss_attention_spec, heads, 64);

PIN_SIZE(ss_state_spec, 72);
PIN(ss_state_spec, size, 0);
PIN(ss_state_spec, trainable, 4);
PIN(ss_state_spec, name, 8);
PIN(ss_state_spec, sizes, 24);
PIN(ss_state_spec, dim, 32);
PIN(ss_state_spec, dtype, 36);
PIN(ss_state_spec, initial, 40);
PIN(ss_state_spec, persistent, 44);
PIN(ss_state_spec, a, 48);
PIN(ss_state_spec, b, 56);
PIN(ss_state_spec, data, 64);

PIN_SIZE(ss_layers_table, 88);
PIN(ss_layers_table, conv, 0);
PIN(ss_layers_table, norm, 8);
PIN(ss_layers_table, activation, 16);
PIN(ss_layers_table, linear, 24);
PIN(ss_layers_table, attention, 32);
PIN(ss_layers_table, dropout, 40);
PIN(ss_layers_table, state, 48);
PIN(ss_layers_table, apply, 56);
PIN(ss_layers_table, attend, 64);
PIN(ss_layers_table, read, 72);
PIN(ss_layers_table, write, 80);

PIN_SIZE(ss_schema, 16);
PIN(ss_schema, size, 0);
PIN(ss_schema, option_count, 4);
PIN(ss_schema, options, 8);

PIN_SIZE(ss_option, 104);
PIN(ss_option, size, 0);
PIN(ss_option, kind, 4);
PIN(ss_option, shape, 8);
PIN(ss_option, flags, 12);
PIN(ss_option, name, 16);
PIN(ss_option, text, 32);
PIN(ss_option, default_value, 48);
PIN(ss_option, minimum, 64);
PIN(ss_option, maximum, 72);
PIN(ss_option, choices, 80);
PIN(ss_option, choice_count, 88);
PIN(ss_option, minimum_length, 92);
PIN(ss_option, fields, 96);

PIN_SIZE(ss_options_table, 64);
PIN(ss_options_table, field, 0);
PIN(ss_options_table, length, 8);
PIN(ss_options_table, item, 16);
PIN(ss_options_table, key, 24);
PIN(ss_options_table, as_bool, 32);
PIN(ss_options_table, as_int, 40);
PIN(ss_options_table, as_double, 48);
PIN(ss_options_table, as_string, 56);

PIN_SIZE(ss_context_info, 80);
PIN(ss_context_info, size, 0);
PIN(ss_context_info, training, 4);
PIN(ss_context_info, epoch, 8);
PIN(ss_context_info, step, 16);
PIN(ss_context_info, learning_rate, 24);
PIN(ss_context_info, base_learning_rate, 32);
PIN(ss_context_info, image_height, 40);
PIN(ss_context_info, image_width, 48);
PIN(ss_context_info, dtype, 56);
PIN(ss_context_info, device_index, 60);
PIN(ss_context_info, device, 64);

PIN_SIZE(ss_context_table, 40);
PIN(ss_context_table, info, 0);
PIN(ss_context_table, random, 8);
PIN(ss_context_table, seeded_normal, 16);
PIN(ss_context_table, enter, 24);
PIN(ss_context_table, leave, 32);

PIN_SIZE(ss_prediction, 72);
PIN(ss_prediction, size, 0);
PIN(ss_prediction, reserved, 4);
PIN(ss_prediction, name, 8);
PIN(ss_prediction, logits, 24);
PIN(ss_prediction, target, 32);
PIN(ss_prediction, loss, 40);
PIN(ss_prediction, loss_weight, 56);
PIN(ss_prediction, loss_value, 64);

PIN_SIZE(ss_prediction_sink, 16);
PIN(ss_prediction_sink, self, 0);
PIN(ss_prediction_sink, emit, 8);

PIN_SIZE(ss_names_query, 40);
PIN(ss_names_query, size, 0);
PIN(ss_names_query, role, 4);
PIN(ss_names_query, format, 8);
PIN(ss_names_query, index, 24);
PIN(ss_names_query, siblings, 28);
PIN(ss_names_query, rule_size, 32);
PIN(ss_names_query, flags, 36);

PIN_SIZE(ss_name_change, 72);
PIN(ss_name_change, size, 0);
PIN(ss_name_change, kind, 4);
PIN(ss_name_change, axis, 8);
PIN(ss_name_change, count, 12);
PIN(ss_name_change, order, 16);
PIN(ss_name_change, sizes, 24);
PIN(ss_name_change, groups, 32);
PIN(ss_name_change, prefix, 40);
PIN(ss_name_change, rows, 48);
PIN(ss_name_change, columns, 56);
PIN(ss_name_change, mode, 64);
PIN(ss_name_change, reserved, 68);

PIN_SIZE(ss_name_rule, 56);
PIN(ss_name_rule, size, 0);
PIN(ss_name_rule, change_count, 4);
PIN(ss_name_rule, ours, 8);
PIN(ss_name_rule, theirs, 24);
PIN(ss_name_rule, changes, 40);
PIN(ss_name_rule, flags, 48);
PIN(ss_name_rule, reserved, 52);

PIN_SIZE(ss_name_sink, 16);
PIN(ss_name_sink, self, 0);
PIN(ss_name_sink, emit, 8);

PIN_SIZE(ss_checkpoint_names_table, 16);
PIN(ss_checkpoint_names_table, formats, 0);
PIN(ss_checkpoint_names_table, rules, 8);

PIN_SIZE(ss_feature_spec, 16);
PIN(ss_feature_spec, channels, 0);
PIN(ss_feature_spec, stride, 8);

PIN_SIZE(ss_backbone_spec, 16);
PIN(ss_backbone_spec, size, 0);
PIN(ss_backbone_spec, reserved, 4);
PIN(ss_backbone_spec, in_channels, 8);

PIN_SIZE(ss_backbone_table, 32);
PIN(ss_backbone_table, create, 0);
PIN(ss_backbone_table, destroy, 8);
PIN(ss_backbone_table, features, 16);
PIN(ss_backbone_table, forward, 24);

PIN_SIZE(ss_head_spec, 32);
PIN(ss_head_spec, size, 0);
PIN(ss_head_spec, representation_only, 4);
PIN(ss_head_spec, features, 8);
PIN(ss_head_spec, feature_count, 16);
PIN(ss_head_spec, reserved, 20);
PIN(ss_head_spec, classes, 24);

PIN_SIZE(ss_head_inputs, 32);
PIN(ss_head_inputs, size, 0);
PIN(ss_head_inputs, feature_count, 4);
PIN(ss_head_inputs, features, 8);
PIN(ss_head_inputs, named, 16);
PIN(ss_head_inputs, named_count, 24);
PIN(ss_head_inputs, reserved, 28);

PIN_SIZE(ss_head_table, 48);
PIN(ss_head_table, create, 0);
PIN(ss_head_table, destroy, 8);
PIN(ss_head_table, channels, 16);
PIN(ss_head_table, inputs, 24);
PIN(ss_head_table, embed, 32);
PIN(ss_head_table, classify, 40);

PIN_SIZE(ss_memory_spec, 32);
PIN(ss_memory_spec, size, 0);
PIN(ss_memory_spec, feature_count, 4);
PIN(ss_memory_spec, features, 8);
PIN(ss_memory_spec, context_channels, 16);
PIN(ss_memory_spec, classes, 24);

PIN_SIZE(ss_memory_inputs, 40);
PIN(ss_memory_inputs, size, 0);
PIN(ss_memory_inputs, feature_count, 4);
PIN(ss_memory_inputs, features, 8);
PIN(ss_memory_inputs, context, 16);
PIN(ss_memory_inputs, labels, 24);
PIN(ss_memory_inputs, previous_logits, 32);

PIN_SIZE(ss_memory_table, 56);
PIN(ss_memory_table, create, 0);
PIN(ss_memory_table, destroy, 8);
PIN(ss_memory_table, forward, 16);
PIN(ss_memory_table, statistics, 24);
PIN(ss_memory_table, apply, 32);
PIN(ss_memory_table, after_update, 40);
PIN(ss_memory_table, release, 48);

PIN_SIZE(ss_dataset_spec, 32);
PIN(ss_dataset_spec, size, 0);
PIN(ss_dataset_spec, reserved, 4);
PIN(ss_dataset_spec, split, 8);
PIN(ss_dataset_spec, image_channels, 24);

PIN_SIZE(ss_class, 24);
PIN(ss_class, name, 0);
PIN(ss_class, red, 16);
PIN(ss_class, green, 17);
PIN(ss_class, blue, 18);
PIN(ss_class, reserved, 19);
PIN(ss_class, mirrored, 20);

PIN_SIZE(ss_dataset_info, 32);
PIN(ss_dataset_info, size, 0);
PIN(ss_dataset_info, class_count, 4);
PIN(ss_dataset_info, classes, 8);
PIN(ss_dataset_info, ignore_index, 16);
PIN(ss_dataset_info, label_kind, 24);
PIN(ss_dataset_info, reserved, 28);

PIN_SIZE(ss_buffer_spec, 48);
PIN(ss_buffer_spec, size, 0);
PIN(ss_buffer_spec, dtype, 4);
PIN(ss_buffer_spec, name, 8);
PIN(ss_buffer_spec, height, 24);
PIN(ss_buffer_spec, width, 32);
PIN(ss_buffer_spec, channels, 40);

PIN_SIZE(ss_sample_sink, 16);
PIN(ss_sample_sink, self, 0);
PIN(ss_sample_sink, buffer, 8);

PIN_SIZE(ss_random, 16);
PIN(ss_random, self, 0);
PIN(ss_random, next, 8);

PIN_SIZE(ss_sample_info, 56);
PIN(ss_sample_info, size, 0);
PIN(ss_sample_info, reserved, 4);
PIN(ss_sample_info, id, 8);
PIN(ss_sample_info, image_path, 24);
PIN(ss_sample_info, label_path, 40);

PIN_SIZE(ss_dataset_table, 64);
PIN(ss_dataset_table, create, 0);
PIN(ss_dataset_table, destroy, 8);
PIN(ss_dataset_table, info, 16);
PIN(ss_dataset_table, count, 24);
PIN(ss_dataset_table, describe, 32);
PIN(ss_dataset_table, open_reader, 40);
PIN(ss_dataset_table, close_reader, 48);
PIN(ss_dataset_table, read, 56);

PIN_SIZE(ss_host, 64);
PIN(ss_host, size, 0);
PIN(ss_host, abi_major, 4);
PIN(ss_host, abi_minor, 8);
PIN(ss_host, reserved, 12);
PIN(ss_host, version, 16);
PIN(ss_host, get, 32);
PIN(ss_host, fail, 40);
PIN(ss_host, message, 48);
PIN(ss_host, log, 56);

PIN_SIZE(ss_component, 80);
PIN(ss_component, size, 0);
PIN(ss_component, reserved, 4);
PIN(ss_component, kind, 8);
PIN(ss_component, name, 24);
PIN(ss_component, text, 40);
PIN(ss_component, options, 56);
PIN(ss_component, table, 64);
PIN(ss_component, get, 72);

PIN_SIZE(ss_plugin, 72);
PIN(ss_plugin, size, 0);
PIN(ss_plugin, component_count, 4);
PIN(ss_plugin, name, 8);
PIN(ss_plugin, version, 24);
PIN(ss_plugin, components, 40);
PIN(ss_plugin, needed_capabilities, 48);
PIN(ss_plugin, needed_operators, 56);
PIN(ss_plugin, needed_capability_count, 64);
PIN(ss_plugin, needed_operator_count, 68);

PIN_SIZE(ss_note_description, 128);
PIN(ss_note_description, abi_major, 0);
PIN(ss_note_description, abi_minor, 4);
PIN(ss_note_description, kinds, 8);

PIN_SIZE(ss_note, 148);
PIN(ss_note, owner_size, 0);
PIN(ss_note, description_size, 4);
PIN(ss_note, type, 8);
PIN(ss_note, owner, 12);
PIN(ss_note, description, 20);

PIN_SIZE(ss_text_sink, 16);
PIN(ss_text_sink, self, 0);
PIN(ss_text_sink, put, 8);

PIN_SIZE(ss_submission_layout, 64);
PIN(ss_submission_layout, size, 0);
PIN(ss_submission_layout, kind, 4);
PIN(ss_submission_layout, name, 8);
PIN(ss_submission_layout, text, 24);
PIN(ss_submission_layout, self, 40);
PIN(ss_submission_layout, values, 48);
PIN(ss_submission_layout, file_name, 56);

PIN_SIZE(ss_submission_table, 16);
PIN(ss_submission_table, layouts, 0);
PIN(ss_submission_table, layout_count, 8);
PIN(ss_submission_table, reserved, 12);

PIN_SIZE(ss_transform_spec, 40);
PIN(ss_transform_spec, size, 0);
PIN(ss_transform_spec, class_count, 4);
PIN(ss_transform_spec, classes, 8);
PIN(ss_transform_spec, ignore_index, 16);
PIN(ss_transform_spec, label_kind, 24);
PIN(ss_transform_spec, evaluates, 28);
PIN(ss_transform_spec, image_channels, 32);

PIN_SIZE(ss_sample_map, 72);
PIN(ss_sample_map, size, 0);
PIN(ss_sample_map, kind, 4);
PIN(ss_sample_map, name, 8);
PIN(ss_sample_map, dtype, 24);
PIN(ss_sample_map, reserved, 28);
PIN(ss_sample_map, height, 32);
PIN(ss_sample_map, width, 40);
PIN(ss_sample_map, channels, 48);
PIN(ss_sample_map, fill, 56);
PIN(ss_sample_map, data, 64);

PIN_SIZE(ss_transform_sample, 32);
PIN(ss_transform_sample, size, 0);
PIN(ss_transform_sample, map_count, 4);
PIN(ss_transform_sample, id, 8);
PIN(ss_transform_sample, maps, 24);

PIN_SIZE(ss_size_range, 32);
PIN(ss_size_range, least, 0);
PIN(ss_size_range, most, 16);

PIN_SIZE(ss_transform_table, 32);
PIN(ss_transform_table, create, 0);
PIN(ss_transform_table, destroy, 8);
PIN(ss_transform_table, sizes, 16);
PIN(ss_transform_table, apply, 24);

PIN_SIZE(ss_loss_spec, 16);
PIN(ss_loss_spec, size, 0);
PIN(ss_loss_spec, independent, 4);
PIN(ss_loss_spec, classes, 8);

PIN_SIZE(ss_loss_info, 8);
PIN(ss_loss_info, size, 0);
PIN(ss_loss_info, divisor, 4);

PIN_SIZE(ss_loss_inputs, 40);
PIN(ss_loss_inputs, size, 0);
PIN(ss_loss_inputs, reserved, 4);
PIN(ss_loss_inputs, logits, 8);
PIN(ss_loss_inputs, labels, 16);
PIN(ss_loss_inputs, divisor, 24);
PIN(ss_loss_inputs, ignored, 32);

PIN_SIZE(ss_loss_table, 32);
PIN(ss_loss_table, create, 0);
PIN(ss_loss_table, destroy, 8);
PIN(ss_loss_table, info, 16);
PIN(ss_loss_table, compute, 24);

PIN_SIZE(ss_cross_attention_spec, 96);
PIN(ss_cross_attention_spec, size, 0);
PIN(ss_cross_attention_spec, bias, 4);
PIN(ss_cross_attention_spec, name, 8);
PIN(ss_cross_attention_spec, query_part, 24);
PIN(ss_cross_attention_spec, key_value_part, 40);
PIN(ss_cross_attention_spec, out_part, 56);
PIN(ss_cross_attention_spec, channels, 72);
PIN(ss_cross_attention_spec, source_channels, 80);
PIN(ss_cross_attention_spec, heads, 88);

PIN_SIZE(ss_layers_2_table, 16);
PIN(ss_layers_2_table, cross_attention, 0);
PIN(ss_layers_2_table, attend_to, 8);
